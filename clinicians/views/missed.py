"""What was not answered, not delivered or not asked, and asking again."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinicians.actions.inviting_many import BatchRefused
from clinicians.actions.missed import (
    invite_again,
    missed_of,
    skipped_of,
    undelivered_of,
)
from clinicians.definitions import planning_policy
from clinicians.presenters.planning import missed_line, skipped_line, undelivered_line
from clinicians.views.pages import done, page, refused
from core.permissions import Permission, StaffRequest, staff_view
from screening.actions import InvitationRefused, NotAvailable
from screening.models import Screening


@staff_view(Permission.INVITE)
@require_safe
def missed(request: StaffRequest) -> HttpResponse:
    """List what patients did not answer in time, and what did not reach them."""
    clinic, at = request.clinic, timezone.now()
    policy = planning_policy()
    rows = missed_of(clinic, at=at).select_related("patient__merged_into")
    rows = rows.prefetch_related(*_numbers_of("patient"), "invitations")
    found = Paginator(rows, policy.invite_most).get_page(request.GET.get("page", "1"))
    failed = undelivered_of(clinic).select_related("screening__patient__merged_into")
    failed = failed.prefetch_related(*_numbers_of("screening__patient"))
    skipped = skipped_of(clinic, at=at).select_related("schedule__patient")
    skipped = skipped.prefetch_related("schedule__patient__identifiers")
    most = policy.invite_most
    mails, runs = list(failed[: most + 1]), list(skipped[: most + 1])
    context = {
        "page": found,
        "rows": [missed_line(row, clinic) for row in found],
        "undelivered": [undelivered_line(mail, clinic) for mail in mails[:most]],
        "more_undelivered": len(mails) > most,
        "skipped": [skipped_line(run) for run in runs[:most]],
        "more_skipped": len(runs) > most,
        "most": most,
        "days": policy.missed_days,
    }
    return page(request, "staff/missed.html", context)


def _numbers_of(patient: str) -> tuple[str, str]:
    """What to fetch for the headers: by their own record, and by what it went into."""
    return f"{patient}__identifiers", f"{patient}__merged_into__identifiers"


@staff_view(Permission.INVITE)
@require_POST
def again(request: StaffRequest, screening_id: uuid.UUID) -> HttpResponse:
    """Ask one patient once more, with the same questionnaires and language."""
    rows = Screening.objects.filter(clinic=request.clinic)
    old = get_object_or_404(rows, id=screening_id)
    try:
        made, mailed = invite_again(
            clinic=request.clinic,
            screening_id=old.id,
            by=request.user,
            at=timezone.now(),
        )
    except (BatchRefused, InvitationRefused, NotAvailable) as error:
        refused(request, error)
        return redirect("clinicians:patient", old.patient_id)
    if not mailed:
        done(request, "Invited again. There is no e-mail address: print this sheet.")
        return redirect(
            "clinicians:link", made.screening.patient_id, made.invitation.id
        )
    done(request, "Invited again. The e-mail is on its way.")
    return redirect("clinicians:patient", old.patient_id)
