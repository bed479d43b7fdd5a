"""One text of the wording library: its story, other words for it, and its end."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinicians.forms import StopForm, WordsForm
from clinicians.presenters.wording_story import story
from clinicians.presenters.wording_words import verdict_lines
from clinicians.presenters.wordings import Entry, entries, page_of, present
from clinicians.views.pages import done, page, refused
from core.permissions import Permission, StaffRequest, can, staff_view
from screening import actions
from screening.domain.wordings import Draft, Level, MoveRefused
from screening.language import drafts
from screening.models import Wording, WordingSignOff

INVALID = 422


def the_text(request: StaffRequest, key: str, mark: str) -> tuple[Entry, list[Entry]]:
    """A text of the reader's own clinic with all others; any other is not there."""
    everything = entries(request.clinic)
    for entry in everything:
        if (entry.stand.key, entry.stand.checksum[:12]) == (key, mark):
            return entry, everything
    raise Http404


@staff_view(Permission.SIGN_WORDINGS)
@require_safe
def text(request: StaffRequest, key: str, mark: str) -> HttpResponse:
    """Show what became of a text, from who proposed it to who ended it."""
    return _shown(request, key, mark)


def _shown(
    request: StaffRequest,
    key: str,
    mark: str,
    *,
    wrong: dict[str, StopForm] | None = None,
) -> HttpResponse:
    entry, everything = the_text(request, key, mark)
    role = actions.role_of(request.user)
    propose = can(request.user, Permission.PROPOSE_WORDINGS)
    context = {
        "row": present(entry, role),
        "key": key,
        "story": story(entry, everything, role, request.clinic.zone),
        "role": WordingSignOff.Role(role).label,
        "may_edit": bool(entry.level) and propose,
        "retire": StopForm(prefix="retire"),
        "veto": StopForm(prefix="veto"),
        **(wrong or {}),
    }
    return page(
        request, "staff/wording.html", context, status=INVALID if wrong else 200
    )


@staff_view(Permission.PROPOSE_WORDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, key: str, mark: str) -> HttpResponse:
    """Take other words as a new version: checked now, and signed by nobody yet."""
    entry, _ = the_text(request, key, mark)
    if not entry.level:
        raise Http404
    form = WordsForm(request.POST or None, initial={"text": entry.stand.text})
    verdicts: list[str] = []
    if request.method == "POST" and form.is_valid():
        draft = drafts.paraphrase(
            form.cleaned_data["text"],
            concept=entry.concept,
            language=entry.language,
            level=Level(entry.level),
            origin=Wording.Origin.WRITTEN,
        )
        verdicts = verdict_lines(draft.verdicts)
        if draft.passed:
            try:
                return _kept(request, entry, draft)
            except actions.AlreadyThere as error:
                form.add_error("text", str(error))
    context = {
        "form": form,
        "row": present(entry, actions.role_of(request.user)),
        "verdicts": verdicts,
    }
    status = INVALID if form.is_bound else 200
    return page(request, "staff/wording_edit.html", context, status=status)


def _kept(request: StaffRequest, entry: Entry, draft: Draft) -> HttpResponse:
    row = actions.propose(
        clinic=request.clinic,
        draft=draft,
        replaces=entry.stand.row,
        by=request.user,
        at=timezone.now(),
    )
    done(request, "The new version passed the checks. It waits for both signatures.")
    return redirect(page_of(row.key, row.checksum))


@staff_view(Permission.SIGN_WORDINGS)
@require_http_methods(["POST"])
def retire(request: StaffRequest, key: str, mark: str) -> HttpResponse:
    """Take a text out of use."""
    return _stopped(request, key, mark, "retire", actions.retire, "Retired.")


@staff_view(Permission.SIGN_WORDINGS)
@require_http_methods(["POST"])
def veto(request: StaffRequest, key: str, mark: str) -> HttpResponse:
    """Stop a text for good; no patient sees it from now on."""
    said = "Vetoed. No patient is shown this text from now on."
    return _stopped(request, key, mark, "veto", actions.veto, said)


def _stopped(
    request: StaffRequest,
    key: str,
    mark: str,
    name: str,
    act: Callable[..., Wording],
    said: str,
) -> HttpResponse:
    entry, _ = the_text(request, key, mark)
    form = StopForm(request.POST, prefix=name)
    if not form.is_valid():
        return _shown(request, key, mark, wrong={name: form})
    try:
        act(
            clinic=request.clinic,
            draft=entry.draft,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except (MoveRefused, actions.WordingRefused) as error:
        refused(request, error)
    else:
        done(request, said)
    return redirect("clinicians:wording", key=key, mark=mark)
