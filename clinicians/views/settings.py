"""The clinic's settings: at a glance, page by page, and what is asked before saving."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from clinicians.actions.settings import (
    ChangedMeanwhile,
    NotConfirmed,
    brings,
    change_settings,
    values_of,
)
from clinicians.forms.sections import SECTIONS, SectionForm
from clinicians.presenters import settings as glance
from clinicians.presenters.settings_effects import consequences
from clinicians.presenters.settings_history import Entry, changes_of, entries
from clinicians.presenters.spending import spending
from clinicians.views.pages import done, page
from clinicians.workflow.settings import Level, SettingsRefused
from clinicians.workflow.settings_words import LABELS, Difference, differences
from core.permissions import Permission, StaffRequest, staff_view

INVALID, CONFLICT = 422, 409
# A page that was left open for longer is read anew.
OPEN_SECONDS = 24 * 60 * 60
LOOKED_BACK = 20
TOO_OLD = "This page was open for a long time. Look through it once more, then save."


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody wants to save, and what the settings were when they began."""

    kind: type[SectionForm]
    seen: Mapping[str, Any]
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else was quicker: who, what they changed, and what both did."""

    who: str
    at: str
    changed: Sequence[Difference]
    both: Sequence[str]


@staff_view(Permission.MANAGE_CLINIC)
@require_safe
def settings(request: StaffRequest) -> HttpResponse:
    """Show every setting in short, with what somebody should look into."""
    titles = {slug: (kind.title, kind.names) for slug, kind in SECTIONS.items()}
    newest = entries(changes_of(request.clinic)[:1], request.clinic.zone)
    context = {
        "overview": glance.overview(request.clinic, titles),
        "model": spending(request.clinic, at=timezone.now()),
        "newest": newest[0] if newest else None,
    }
    return page(request, "staff/settings.html", context)


@staff_view(Permission.MANAGE_CLINIC)
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: StaffRequest, slug: str) -> HttpResponse:
    """Show one page of settings, and save it unless something has to be said first."""
    kind = _kind(slug)
    values = values_of(request.clinic)
    data = request.POST if request.method == "POST" else None
    form = kind(data, clinic=request.clinic, values=values)
    if data is None:
        return _show(request, form, seen=values)
    seen = _opened(request, "seen", slug)
    if form.more:
        # Nothing is judged yet: whoever asks for a row is not done.
        form.errors.clear()
        return _show(request, form, seen=seen or values)
    if seen is None:
        form.add_error(None, TOO_OLD)
    if seen is None or not form.is_valid():
        return _show(request, form, seen=seen or values, status=INVALID)
    return _save(request, Offer(kind, seen, form.changes()), form=form)


@staff_view(Permission.MANAGE_CLINIC)
@require_POST
def confirm(request: StaffRequest, slug: str) -> HttpResponse:
    """Save what was explained, once every danger is ticked and a reason is written."""
    kind = _kind(slug)
    sent = _opened(request, "offer", slug)
    values = values_of(request.clinic)
    if sent is None:
        form = kind(None, clinic=request.clinic, values=values)
        return _show(request, form, seen=values, problem=TOO_OLD, status=INVALID)
    offer = Offer(kind, sent["seen"], sent["changes"])
    if "back" in request.POST:
        mine = {**values, **offer.changes}
        form = kind(None, clinic=request.clinic, values=mine)
        return _show(request, form, seen=offer.seen)
    return _save(
        request,
        offer,
        ticked=frozenset(request.POST.getlist("ok")),
        reason=request.POST.get("reason", ""),
        asked=True,
    )


def _kind(slug: str) -> type[SectionForm]:
    if slug not in SECTIONS:
        raise Http404
    return SECTIONS[slug]


def _save(
    request: StaffRequest,
    offer: Offer,
    *,
    form: SectionForm | None = None,
    ticked: frozenset[str] = frozenset(),
    reason: str = "",
    asked: bool = False,
) -> HttpResponse:
    told = ""
    try:
        found = brings(request.clinic, offer.changes)
        told = " ".join(d.text for d in found if d.level is Level.TOLD)
        changed = change_settings(
            clinic=request.clinic,
            changes=offer.changes,
            seen=offer.seen,
            confirmed=ticked,
            reason=reason,
            by=request.user,
            at=timezone.now(),
        )
    except ChangedMeanwhile as error:
        return _clash(request, offer, error)
    except SettingsRefused as error:
        return _again(request, offer, str(error))
    except NotConfirmed:
        return _ask(request, offer, ticked=ticked, reason=reason, asked=asked)
    names = ", ".join(LABELS[name].lower() for name in changed)
    done(request, f"Saved: {names}. {told}".strip() if changed else "Nothing changed.")
    return redirect("clinicians:settings")


def _ask(
    request: StaffRequest,
    offer: Offer,
    *,
    ticked: frozenset[str],
    reason: str,
    asked: bool,
) -> HttpResponse:
    """Say what would happen, and have each danger ticked."""
    before = values_of(request.clinic)
    after = {**before, **offer.changes}
    said = consequences(
        request.clinic,
        before,
        after,
        brings(request.clinic, offer.changes),
        at=timezone.now(),
        ticked=ticked,
        asked=asked,
    )
    context = {
        "title": offer.kind.title,
        "slug": offer.kind.slug,
        "said": said,
        "reason": reason,
        "reason_missing": asked and not reason.strip(),
        "errors": _missing(said.dangers, reason) if asked else [],
        "offer": _sealed(
            {"seen": offer.seen, "changes": offer.changes}, request, offer.kind.slug
        ),
    }
    status = INVALID if asked else 200
    return page(request, "staff/settings_confirm.html", context, status=status)


def _missing(dangers: Sequence[Any], reason: str) -> list[dict[str, str]]:
    found = [
        {"text": f"Tick that you have read: {one.title}", "href": f"#ok-{one.id}"}
        for one in dangers
        if one.missing
    ]
    if not reason.strip():
        found.append({"text": "Write why you change this.", "href": "#reason"})
    return found


def _again(request: StaffRequest, offer: Offer, problem: str) -> HttpResponse:
    """The page with what was typed, and why it cannot be."""
    values = {**values_of(request.clinic), **offer.changes}
    form = offer.kind(None, clinic=request.clinic, values=values)
    return _show(request, form, seen=offer.seen, problem=problem, status=INVALID)


def _clash(
    request: StaffRequest, offer: Offer, error: ChangedMeanwhile
) -> HttpResponse:
    """What the other one saved, with what was typed here still in its fields."""
    request.clinic.refresh_from_db()
    now = values_of(request.clinic)
    mine = {n: v for n, v in offer.changes.items() if offer.seen.get(n) != v}
    newest = _newest(request, error.names)
    changed = [
        one
        for name in error.names
        for one in differences(name, offer.seen[name], now[name])
    ]
    clash = Clash(
        who=newest.who if newest else "Somebody",
        at=newest.at if newest else "",
        changed=changed,
        both=[LABELS[n] for n in error.names if n in mine and mine[n] != now[n]],
    )
    form = offer.kind(None, clinic=request.clinic, values={**now, **mine})
    return _show(request, form, seen=now, clash=clash, status=CONFLICT)


def _newest(request: StaffRequest, names: Sequence[str]) -> Entry | None:
    """The newest change of any of these."""
    rows = changes_of(request.clinic)[:LOOKED_BACK]
    touched = [row for row in rows if set(names) & row.detail.keys()]
    found = entries(touched[:1], request.clinic.zone)
    return found[0] if found else None


def _show(
    request: StaffRequest,
    form: SectionForm,
    *,
    seen: Mapping[str, Any],
    clash: Clash | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    own = {name: seen[name] for name in form.names}
    context = {
        "form": form,
        "seen": _sealed(own, request, form.slug),
        "clash": clash,
        "problem": problem,
    }
    return page(request, "staff/settings_section.html", context, status=status)


def _sealed(content: Mapping[str, Any], request: StaffRequest, slug: str) -> str:
    return signing.dumps(content, salt=_salt(request, slug), compress=True)


def _opened(request: StaffRequest, name: str, slug: str) -> dict[str, Any] | None:
    """What an earlier page of this clinic carried; None if it is no such thing."""
    sealed, salt = request.POST.get(name, ""), _salt(request, slug)
    try:
        content = signing.loads(sealed, salt=salt, max_age=OPEN_SECONDS)
    except signing.BadSignature:
        return None
    return dict(content)


def _salt(request: StaffRequest, slug: str) -> str:
    return f"settings:{request.clinic.id}:{slug}"
