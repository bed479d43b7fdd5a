"""A case and what can be done to it; each act is one POST and one write."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinicians import actions
from clinicians.actions.looking import record_view
from clinicians.forms import (
    CloseForm,
    ConfirmForm,
    ContactForm,
    HandOverForm,
    NoteForm,
    ReasonForm,
    SnoozeForm,
    seconds_spent,
    stamp,
)
from clinicians.presenters.case import case_view
from clinicians.views.keeping import kept, unsent
from clinicians.views.pages import done, page, refused, refused_for, the_case
from clinicians.workflow import CloseRefused, MoveRefused, SnoozeRefused
from core.models import User
from core.permissions import Permission, StaffRequest, staff_view
from screening.domain.rules import Tier
from screening.models import Episode

CONFLICT = 409
INVALID = 422
REFUSALS = (
    actions.CaseChanged,
    actions.ClaimedByOther,
    actions.NoteRefused,
    CloseRefused,
    MoveRefused,
    SnoozeRefused,
)


@staff_view(Permission.SEE_CASES, emergency=True)
@require_safe
def case(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Show the case."""
    return show(request, the_case(request, episode_id))


def show(
    request: StaffRequest, row: Episode, *, status: int = 200, **given: forms.Form
) -> HttpResponse:
    """Render the case with its forms, one of which may carry what was typed.

    The look is put on record here: a form that comes back shows all of the case too.
    """
    at = timezone.now()
    record_view(
        kind="CASE_VIEWED",
        object_type="episode",
        object_id=row.id,
        by=request.user,
        at=at,
        emergency=request.emergency,
    )
    tier = Tier(row.tier)
    seen = {"version": row.version}
    view = case_view(row, request.clinic, request.user, at=at)
    context: dict[str, Any] = {
        "case": view,
        "unsent": unsent(view, given),
        "opened": request.POST.get("opened") or stamp(row, request.user, at=at),
        "note_form": NoteForm(auto_id="note_%s"),
        "contact_form": ContactForm(auto_id="contact_%s"),
        "close_form": CloseForm(tier=tier, initial=seen, auto_id="close_%s"),
        "confirm_form": ConfirmForm(initial=seen, auto_id="confirm_%s"),
        "snooze_form": SnoozeForm(row=row, at=at, initial=seen, auto_id="snooze_%s"),
        "hand_over_form": HandOverForm(
            people=_others(row, request, at=at), auto_id="hand_over_%s"
        ),
        "decline_form": ReasonForm(auto_id="decline_%s"),
        "release_form": ReasonForm(auto_id="release_%s"),
        "reopen_form": ReasonForm(auto_id="reopen_%s"),
        **given,
    }
    return page(request, "staff/case.html", context, status=status)


def _others(row: Episode, request: StaffRequest, *, at: datetime) -> list[User]:
    """Who may be given this case: whoever works here now and does not have it."""
    people = actions.takers(request.user, at=at)
    return [user for user in people if user.id != row.owner_id]


def spent(request: StaffRequest, row: Episode) -> int | None:
    """How many seconds this reader has had the case open, as its page told."""
    return seconds_spent(request.POST, row, request.user, at=timezone.now())


def act_on(
    request: StaffRequest,
    row: Episode,
    sentence: str,
    act: Callable[[], object],
    **sent: forms.Form,
) -> HttpResponse:
    """Do it and lead back to the case; a refusal is shown with the case as it is.

    `sent` is the form that asked for it, by its name on the page: what was typed stays.
    """
    try:
        act()
    except REFUSALS as error:
        if isinstance(error, actions.OpenCaseExists):
            refused_for(request, error.case)
        else:
            refused(request, error)
        fresh = the_case(request, row.id)
        again = {name: kept(form, fresh, error) for name, form in sent.items()}
        return show(request, fresh, status=CONFLICT, **again)
    done(request, sentence)
    return redirect("clinicians:case", row.id)


@staff_view(Permission.REVIEW)
@require_POST
def claim(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Take the case."""
    row = the_case(request, episode_id)
    return act_on(
        request,
        row,
        "This case is yours. Notices have stopped.",
        lambda: actions.claim(
            episode=row,
            by=request.user,
            at=timezone.now(),
            seconds=spent(request, row),
        ),
    )


@staff_view(Permission.REVIEW)
@require_POST
def release(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Give the case back to the team."""
    row = the_case(request, episode_id)
    form = ReasonForm(request.POST, auto_id="release_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, release_form=form)
    return act_on(
        request,
        row,
        "This case is back with the team, which is being told.",
        lambda: actions.release(
            episode=row,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
            seconds=spent(request, row),
        ),
        release_form=form,
    )


@staff_view(Permission.REVIEW)
@require_POST
def note(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Add a note."""
    row = the_case(request, episode_id)
    form = NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, note_form=form)
    return act_on(
        request,
        row,
        "The note is on the case.",
        lambda: actions.note(
            episode=row,
            text=form.cleaned_data["text"],
            by=request.user,
            at=timezone.now(),
            seconds=spent(request, row),
        ),
        note_form=form,
    )


@staff_view(Permission.REVIEW)
@require_POST
def contact(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Record a contact attempt, or why there was none."""
    row = the_case(request, episode_id)
    form = ContactForm(request.POST, auto_id="contact_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, contact_form=form)
    return act_on(
        request,
        row,
        "The contact attempt is on the case.",
        lambda: actions.record_contact(
            episode=row,
            by=request.user,
            at=timezone.now(),
            seconds=spent(request, row),
            **form.cleaned_data,
        ),
        contact_form=form,
    )
