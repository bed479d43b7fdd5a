"""How a case ends, by one or by two, and how it comes back."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from clinicians import actions
from clinicians.forms import CloseForm, ConfirmForm, ReasonForm
from clinicians.views.cases import CONFLICT, INVALID, REFUSALS, act_on, show, spent
from clinicians.views.keeping import kept
from clinicians.views.pages import done, refused, the_case
from clinicians.workflow import CloseRefused, Status
from core.permissions import Permission, StaffRequest, staff_view
from screening.domain.rules import Tier
from screening.models import Episode


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
            seconds=spent(request, row),
        )
    except CloseRefused as error:
        form.add_error(None, str(error))
        return show(request, row, status=INVALID, close_form=form)
    except REFUSALS as error:
        return _typed_again(request, row, form, error)
    row.refresh_from_db()
    if row.status == Status.TO_CONFIRM:
        done(request, "A colleague has to confirm this. The case waits for them.")
        return redirect("clinicians:case", row.id)
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


@staff_view(Permission.REVIEW)
@require_POST
def confirm(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Be the second person: close the case that a colleague proposed to close."""
    row = the_case(request, episode_id)
    form = ConfirmForm(request.POST, auto_id="confirm_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, confirm_form=form)
    try:
        actions.confirm_close(
            episode=row,
            seen_version=form.cleaned_data["version"],
            note=form.cleaned_data["note"],
            by=request.user,
            at=timezone.now(),
            seconds=spent(request, row),
        )
    except REFUSALS as error:
        refused(request, error)
        fresh = the_case(request, row.id)
        again = kept(form, fresh, error)
        return show(request, fresh, status=CONFLICT, confirm_form=again)
    done(request, "The case is closed. You confirmed it.")
    return redirect("clinicians:queue")


@staff_view(Permission.REVIEW)
@require_POST
def decline(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Send the case back to its owner, or take one's own proposal back."""
    row = the_case(request, episode_id)
    form = ReasonForm(request.POST, auto_id="decline_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, decline_form=form)
    return act_on(
        request,
        row,
        "The case is open, with its owner.",
        lambda: actions.decline_close(
            episode=row,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
            seconds=spent(request, row),
        ),
        decline_form=form,
    )


@staff_view(Permission.REOPEN)
@require_POST
def reopen(request: StaffRequest, episode_id: uuid.UUID) -> HttpResponse:
    """Put a closed case back before the team."""
    row = the_case(request, episode_id)
    form = ReasonForm(request.POST, auto_id="reopen_%s")
    if not form.is_valid():
        return show(request, row, status=INVALID, reopen_form=form)
    return act_on(
        request,
        row,
        "The case is open again, and the team is being told.",
        lambda: actions.reopen(
            episode=row,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        ),
        reopen_form=form,
    )
