"""A case and what can be done to it; each act is one POST and one write."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinicians import actions
from clinicians.actions.looking import record_view
from clinicians.forms import CloseForm, ContactForm, NoteForm, ReasonForm
from clinicians.presenters.case import case_view
from clinicians.views.pages import done, page, refused, refused_for, the_case
from clinicians.workflow import CloseRefused, MoveRefused
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
)


@staff_view(Permission.SEE_CASES)
@require_safe
def case(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Show the case, and put on record that it was looked at."""
    row = the_case(request, episode_id)
    record_view(
        kind="CASE_VIEWED",
        object_type="episode",
        object_id=row.id,
        by=request.user,
        at=timezone.now(),
    )
    return show(request, row)


def show(
    request: StaffRequest, row: Episode, *, status: int = 200, **given: forms.Form
) -> HttpResponse:
    """Render the case with its forms, one of which may carry what was typed."""
    view = case_view(row, request.clinic, request.user, at=timezone.now())
    tier = Tier(row.tier)
    context: dict[str, Any] = {
        "case": view,
        "note_form": NoteForm(auto_id="note_%s"),
        "contact_form": ContactForm(auto_id="contact_%s"),
        "close_form": CloseForm(
            tier=tier, initial={"version": row.version}, auto_id="close_%s"
        ),
        "release_form": ReasonForm(auto_id="release_%s"),
        "reopen_form": ReasonForm(auto_id="reopen_%s"),
        **given,
    }
    return page(request, "staff/case.html", context, status=status)


def _act(
    request: StaffRequest,
    row: Episode,
    sentence: str,
    act: Callable[[], object],
) -> HttpResponse:
    """Do it and lead back to the case; a refusal is shown with the case as it is."""
    try:
        act()
    except actions.OpenCaseExists as error:
        refused_for(request, error.case)
        return show(request, the_case(request, row.id), status=CONFLICT)
    except REFUSALS as error:
        refused(request, error)
        return show(request, the_case(request, row.id), status=CONFLICT)
    done(request, sentence)
    return redirect("clinicians:case", row.id)


@staff_view(Permission.REVIEW)
@require_POST
def claim(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Take the case."""
    row = the_case(request, episode_id)
    return _act(
        request,
        row,
        "This case is yours. Notices have stopped.",
        lambda: actions.claim(episode=row, by=request.user, at=timezone.now()),
    )


@staff_view(Permission.REVIEW)
@require_POST
def release(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Give the case back to the team."""
    row = the_case(request, episode_id)
    form = ReasonForm(request.POST, auto_id="release_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, release_form=form)
    return _act(
        request,
        row,
        "This case is back with the team, which is being told.",
        lambda: actions.release(
            episode=row,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        ),
    )


@staff_view(Permission.REVIEW)
@require_POST
def note(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Add a note."""
    row = the_case(request, episode_id)
    form = NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, note_form=form)
    return _act(
        request,
        row,
        "The note is on the case.",
        lambda: actions.note(
            episode=row,
            text=form.cleaned_data["text"],
            by=request.user,
            at=timezone.now(),
        ),
    )


@staff_view(Permission.REVIEW)
@require_POST
def contact(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Record a contact attempt, or why there was none."""
    row = the_case(request, episode_id)
    form = ContactForm(request.POST, auto_id="contact_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, contact_form=form)
    return _act(
        request,
        row,
        "The contact attempt is on the case.",
        lambda: actions.record_contact(
            episode=row, by=request.user, at=timezone.now(), **form.cleaned_data
        ),
    )


@staff_view(Permission.REVIEW)
@require_POST
def close(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Close the case; what was typed stays on the page if something is missing."""
    row = the_case(request, episode_id)
    form = CloseForm(request.POST, tier=Tier(row.tier), auto_id="close_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, close_form=form)
    given = form.cleaned_data
    try:
        actions.close(
            episode=row,
            seen_version=given["version"],
            disposition=given["disposition"],
            note=given["note"],
            by=request.user,
            at=timezone.now(),
        )
    except CloseRefused as error:
        form.add_error(None, str(error))
        return show(request, row, status=INVALID, close_form=form)
    except REFUSALS as error:
        return _typed_again(request, row, form, error)
    done(request, "The case is closed.")
    return redirect("clinicians:queue")


def _typed_again(
    request: StaffRequest, row: Episode, form: CloseForm, error: Exception
) -> HttpResponse:
    """Show the case as it is now, with what was typed and the new version."""
    refused(request, error)
    fresh = the_case(request, row.id)
    again = CloseForm(
        tier=Tier(fresh.tier),
        initial={**form.cleaned_data, "version": fresh.version},
        auto_id="close_%s",
    )
    return show(request, fresh, status=CONFLICT, close_form=again)


@staff_view(Permission.REOPEN)
@require_POST
def reopen(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Put a closed case back before the team."""
    row = the_case(request, episode_id)
    form = ReasonForm(request.POST, auto_id="reopen_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, reopen_form=form)
    return _act(
        request,
        row,
        "The case is open again, and the team is being told.",
        lambda: actions.reopen(
            episode=row,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        ),
    )
