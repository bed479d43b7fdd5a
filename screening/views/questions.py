"""One item a page: the official question, four official answers, and help."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from screening import engine
from screening.domain.scoring import AnswerRefused
from screening.engine import Claim, Said, Taken
from screening.forms import PickForm, TurnForm
from screening.models.sitting import Sitting
from screening.presenters import (
    confirm_page,
    is_there,
    kept_onward,
    key_seconds,
    moved_to,
    new_key,
    question_page,
    safety_page,
    shown_from,
)
from screening.views.session import asking, patient_turn

REFUSED = 422
MOST_KEPT = 100_000  # characters of a text that is too long to answer with


@login_not_required
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, part: int, number: int) -> HttpResponse:
    """Show one item, or take what the patient said to it."""
    view = _take if request.method == "POST" else _show
    return view(request, part=part, number=number)


@asking
def _show(
    request: HttpRequest, sitting: Sitting, *, part: int, number: int
) -> HttpResponse:
    context = question_page(
        sitting, part - 1, number, ask=request.GET.dict(), at=timezone.now()
    )
    if context is None:
        return not_asked(sitting, part, number)
    return render(request, "patient/question.html", context)


def not_asked(sitting: Sitting, part: int, number: int) -> HttpResponse:
    """Lead from an item that is not asked (any more) to all that is: an answer may
    have changed it since the page was left, and "Back" goes there."""
    if not is_there(sitting, part - 1, number):
        raise Http404
    if there := moved_to(sitting, part - 1, number):
        return redirect(there)
    return redirect("review")


@patient_turn
def _take(
    request: HttpRequest, claim: Claim, *, part: int, number: int
) -> HttpResponse:
    form = TurnForm(request.POST)
    try:
        if not form.is_valid():
            return _not_taken(request, claim, form, part=part, number=number)
        taken = engine.take_turn(claim, _said(form, part - 1), at=timezone.now())
    except engine.Over:
        return redirect("done")
    except AnswerRefused as refused:
        form.add_error("choice", str(refused))
        return _again(request, part=part, number=number, form=form)
    return follow(request, taken)


def _not_taken(
    request: HttpRequest, claim: Claim, form: TurnForm, *, part: int, number: int
) -> HttpResponse:
    """Say what is wrong with a post; words in it are kept and heard all the same."""
    words = form.data.get("words", "").replace("\x00", "")[:MOST_KEPT].strip()
    if words:
        said = Said(
            key=new_key(0, at=timezone.now()),
            position=part - 1,
            link_id=form.data.get("link_id", "")[:40],
            words=words,
        )
        if helped := engine.hear_only(claim, said, at=timezone.now()):
            return follow(request, helped)
    return _again(request, part=part, number=number, form=form)


def _said(form: TurnForm, position: int) -> Said:
    posted = form.cleaned_data
    value, declined = posted["choice"]
    return Said(
        key=posted["key"],
        position=position,
        link_id=posted["link_id"],
        value=value,
        declined=declined,
        words=posted["words"].strip(),
        words_turn=posted["words_turn"],
        shown=shown_from(posted["shown"]),
        asked_as=posted["asked_as"],
        seconds=key_seconds(posted["key"], at=timezone.now()),
    )


@asking
def _again(
    request: HttpRequest, sitting: Sitting, *, part: int, number: int, form: TurnForm
) -> HttpResponse:
    """Show the page once more with what is wrong with it; nothing typed is lost.

    An answer that is out of sight is kept where nothing is chosen instead of it.
    """
    silent = not form.data.get("choice") and not form.data.get("words", "").strip()
    if silent and (there := kept_onward(sitting, part - 1, number)):
        return HttpResponseRedirect(there)
    context = question_page(
        sitting, part - 1, number, ask={}, at=timezone.now(), form=form
    )
    if context is None:
        # No longer asked, by an answer given since or a language chosen since.
        return redirect(moved_to(sitting, part - 1, number) or "review")
    return render(request, "patient/question.html", context, status=REFUSED)


def follow(request: HttpRequest, taken: Taken) -> HttpResponse:
    """Lead to where a turn went; help is shown in this very response."""
    outcome = taken.outcome
    if outcome.to == "safety":
        context = safety_page(taken, at=timezone.now())
        return render(request, "patient/safety.html", context)
    if outcome.to in ("review", "done"):
        return redirect(outcome.to)
    if outcome.to == "expired":
        return redirect("ended")
    if outcome.to == "confirm":
        return redirect("confirm", turn_id=uuid.UUID(outcome.turn))
    response = redirect("question", part=outcome.position + 1, number=outcome.number)
    if outcome.turn or outcome.note:
        response["Location"] += f"?turn={outcome.turn}&note={outcome.note}"
    if outcome.to == "clarified":
        response["Location"] += "#beneath"
    return response


@require_POST
@patient_turn
def explain(request: HttpRequest, claim: Claim, part: int, number: int) -> HttpResponse:
    """Show the explanation that was picked; the question itself stays as it is."""
    form = PickForm(request.POST)
    if not form.is_valid():
        return redirect("question", part=part, number=number)
    of, picked = form.cleaned_data["of"], form.cleaned_data["pick"]
    try:
        return follow(request, engine.pick(claim, of, picked, at=timezone.now()))
    except engine.Over:
        return redirect("done")
    except engine.NothingToPick:
        # An old page: the question is there, and can be asked again.
        return redirect("question", part=part, number=number)


@require_safe
@asking
def confirm(request: HttpRequest, sitting: Sitting, turn_id: uuid.UUID) -> HttpResponse:
    """Ask "is that right?"; the answer is posted to the question itself."""
    context = confirm_page(sitting, turn_id, at=timezone.now())
    if context is None:
        # Answered meanwhile, or no longer asked: the answers show where it stands.
        return redirect("review")
    return render(request, "patient/confirm.html", context)
