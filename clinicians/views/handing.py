"""Putting a case off, taking it up again, handing it or a whole shift over."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinicians import actions
from clinicians.forms import HandOverForm, SnoozeForm
from clinicians.views.cases import INVALID, REFUSALS, act_on, show, spent
from clinicians.views.pages import done, refused, the_case
from core.permissions import Permission, StaffRequest, staff_view


@staff_view(Permission.REVIEW)
@require_POST
def snooze(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Put one's own case off; it stays in the queue."""
    row, at = the_case(request, episode_id), timezone.now()
    form = SnoozeForm(request.POST, row=row, at=at, auto_id="snooze_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, snooze_form=form)
    given = form.cleaned_data
    return act_on(
        request,
        row,
        "The case is put off. It stays in the queue, and is back when the time is over.",
        lambda: actions.snooze(
            episode=row,
            seen_version=given["version"],
            minutes=given["minutes"],
            reason=given["reason"],
            by=request.user,
            at=at,
            seconds=spent(request, row),
        ),
        snooze_form=form,
    )


@staff_view(Permission.REVIEW)
@require_POST
def wake(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Take one's own case up again before its time."""
    row = the_case(request, episode_id)
    return act_on(
        request,
        row,
        "The case is no longer put off.",
        lambda: actions.wake(episode=row, by=request.user, at=timezone.now()),
    )


@staff_view(Permission.REVIEW)
@require_POST
def hand_over(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Give the case to a colleague, or take a colleague's case over."""
    row, at = the_case(request, episode_id), timezone.now()
    people = actions.takers(request.user, at=at)
    form = HandOverForm(request.POST, people=people, auto_id="hand_over_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, hand_over_form=form)
    to = form.cleaned_data["to"]
    said = f"{to} is being told. The case climbs until they claim it."
    return act_on(
        request,
        row,
        "This case is yours now." if to.id == request.user.id else said,
        lambda: actions.hand_over(
            episode=row,
            to=to,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=at,
        ),
        hand_over_form=form,
    )


@staff_view(Permission.REVIEW)
@require_POST
def hand_over_shift(request: StaffRequest) -> HttpResponse:
    """Give all one's open cases to one colleague."""
    at = timezone.now()
    people = [u for u in actions.takers(request.user, at=at) if u != request.user]
    form = HandOverForm(request.POST, people=people)
    if not form.is_valid():
        refused(request, ValueError("Choose a colleague to hand your cases to."))
        return redirect("clinicians:absences")
    to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
    try:
        count = actions.hand_over_shift(to=to, reason=reason, by=request.user, at=at)
    except REFUSALS as error:
        refused(request, error)
        return redirect("clinicians:absences")
    cases = "1 case" if count == 1 else f"{count} cases"
    done(request, f"{cases} handed to {to}, who is being told.")
    return redirect("clinicians:absences")
