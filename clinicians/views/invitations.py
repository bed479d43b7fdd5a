"""Inviting a patient: the link on a sheet, by e-mail, made anew, and taken back."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from clinicians.actions.inviting import ask_again, ask_once, has_address
from clinicians.actions.looking import record_view
from clinicians.actions.mailing import MailNotOwed, try_again
from clinicians.actions.reminding import set_reminders
from clinicians.forms import InviteForm
from clinicians.models import PatientMail
from clinicians.presenters.people import header
from clinicians.presenters.planning import mail_lines
from clinicians.presenters.sheets import sheet
from clinicians.views.pages import (
    done,
    form_looked_at,
    lead_to_stays,
    page,
    refused,
    the_patient,
)
from core.audit import Actor
from core.models import Patient, same_person
from core.permissions import Permission, StaffRequest, staff_view
from screening.actions import (
    InvitationRefused,
    NotAvailable,
    get_invitation,
    revoke_invitation,
)
from screening.models import Invitation

INVALID = 422


@staff_view(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite_patient(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Choose questionnaires and language, then show the link."""
    row = the_patient(request, patient_id)
    if row.merged_into_id:
        return lead_to_stays(row)
    initial = {
        "battery": request.clinic.battery,
        "language": row.language,
        "send": has_address(row),
    }
    form = InviteForm(request.POST or None, clinic=request.clinic, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _form(request, row, form)
    try:
        invitation = ask_once(
            patient=row,
            battery=form.cleaned_data["battery"],
            language=form.cleaned_data["language"],
            by=Actor.staff(request.user),
            at=timezone.now(),
            mailed=form.cleaned_data["send"],
            code=form.cleaned_data["code"] or None,
        )
    except (InvitationRefused, NotAvailable) as error:
        form.add_error(None, str(error))
        return _form(request, row, form)
    return redirect("clinicians:link", invitation.screening.patient_id, invitation.id)


def _form(request: StaffRequest, row: Patient, form: InviteForm) -> HttpResponse:
    form_looked_at(request, row)
    context = {"form": form, "header": header(row), "has_email": has_address(row)}
    status = INVALID if form.is_bound else 200
    return page(request, "staff/invite.html", context, status=status)


@staff_view(Permission.INVITE)
@require_safe
def link(
    request: StaffRequest, patient_id: uuid.UUID, invitation_id: uuid.UUID
) -> HttpResponse:
    """Show a link that still works, to copy or print; that is on record."""
    row, at = the_patient(request, patient_id), timezone.now()
    links = Invitation.objects.filter(screening__patient=row)
    get_object_or_404(links, id=invitation_id)
    invitation = get_invitation(invitation_id, at=at)
    shown = sheet(invitation, request.clinic) if invitation else None
    if invitation is None or shown is None:
        refused(request, ValueError("This link cannot be shown again. Make a new one."))
        return redirect("clinicians:patient", row.id)
    record_view(
        kind="LINK_VIEWED",
        object_type="screening",
        object_id=invitation.screening_id,
        by=request.user,
        at=at,
    )
    mails = mail_lines(invitation.mails.all(), request.clinic.zone)
    context = {
        "header": header(row),
        "sheet": shown,
        "mails": mails,
        "clinic": request.clinic.name,
    }
    return page(request, "staff/invitation.html", context)


@staff_view(Permission.INVITE)
@require_POST
def new_link(
    request: StaffRequest, patient_id: uuid.UUID, screening_id: uuid.UUID
) -> HttpResponse:
    """Make a new link for an open screening; the old one stops working."""
    row = the_patient(request, patient_id)
    screening = get_object_or_404(row.screenings.all(), id=screening_id)
    try:
        made = ask_again(
            screening=screening,
            by=Actor.staff(request.user),
            at=timezone.now(),
            mailed=False,
        )
    except InvitationRefused as error:
        refused(request, error)
        return redirect("clinicians:patient", row.id)
    return redirect("clinicians:link", row.id, made.invitation.id)


@staff_view(Permission.INVITE)
@require_POST
def revoke(
    request: StaffRequest, patient_id: uuid.UUID, invitation_id: uuid.UUID
) -> HttpResponse:
    """Stop a link from working."""
    row = the_patient(request, patient_id)
    links = Invitation.objects.filter(screening__patient=row)
    invitation = get_object_or_404(links, id=invitation_id)
    revoke_invitation(
        invitation=invitation, by=Actor.staff(request.user), at=timezone.now()
    )
    done(request, "The link no longer works.")
    return redirect("clinicians:patient", row.id)


@staff_view(Permission.INVITE)
@require_POST
def mail_again(
    request: StaffRequest, patient_id: uuid.UUID, mail_id: uuid.UUID
) -> HttpResponse:
    """Try a mail that could not be delivered once more."""
    row = the_patient(request, patient_id)
    # The list of what was not delivered names the record that stays.
    records = same_person(row.id).values("id")
    mails = PatientMail.objects.filter(screening__patient__in=records)
    mail = get_object_or_404(mails, id=mail_id)
    try:
        try_again(mail=mail, by=request.user, at=timezone.now())
    except MailNotOwed as error:
        refused(request, error)
    else:
        done(request, "The e-mail is on its way again.")
    return redirect("clinicians:patient", row.id)


@staff_view(Permission.INVITE)
@require_POST
def reminders(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Keep that a patient asked for no more reminders, or for them again."""
    row = the_patient(request, patient_id)
    wanted = request.POST.get("wanted")
    if wanted in ("yes", "no"):
        set_reminders(
            patient=row, wanted=wanted == "yes", by=request.user, at=timezone.now()
        )
        said = "Reminders go out again." if wanted == "yes" else "No more reminders."
        done(request, said)
    return redirect("clinicians:patient", row.id)
