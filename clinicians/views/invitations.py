"""Inviting a patient: the link is shown once, and printed or sent if wished."""

import uuid
from typing import Any

import segno
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_POST

from clinicians import notify
from clinicians.forms import InviteForm
from clinicians.presenters.people import header
from clinicians.presenters.times import moment
from clinicians.views.pages import done, lead_to_stays, page, refused, the_patient
from core.audit import Actor
from core.models import Patient
from core.permissions import Permission, StaffRequest, staff_view
from screening.actions import (
    InvitationRefused,
    Invited,
    NotAvailable,
    invite,
    reinvite,
    revoke_invitation,
)
from screening.models import Invitation, Screening

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
        "send": bool(row.email),
    }
    form = InviteForm(request.POST or None, clinic=request.clinic, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _form(request, row, form)
    given = form.cleaned_data
    try:
        made = _invite(request, row, given)
    except (InvitationRefused, NotAvailable) as error:
        form.add_error(None, str(error))
        return _form(request, row, form)
    return _show_link(request, row, made, send=given["send"], code=bool(given["code"]))


def _form(request: StaffRequest, row: Patient, form: InviteForm) -> HttpResponse:
    context = {"form": form, "header": header(row), "has_email": bool(row.email)}
    status = INVALID if form.is_bound else 200
    return page(request, "staff/invite.html", context, status=status)


def _invite(request: StaffRequest, row: Patient, given: dict[str, Any]) -> Invited:
    """A second press gives the same unopened screening a new link, not a second one."""
    waiting = row.screenings.filter(
        status=Screening.Status.INVITED,
        origin=Screening.Origin.INVITATION,
        language=given["language"],
    )
    by, at = Actor.staff(request.user), timezone.now()
    code = given["code"] or None
    for screening in waiting.order_by("-created_at"):
        if screening.battery == given["battery"]:
            return reinvite(screening=screening, by=by, at=at, code=code)
    return invite(
        patient=row,
        battery=given["battery"],
        language=given["language"],
        by=by,
        at=at,
        code=code,
    )


@staff_view(Permission.INVITE)
@require_POST
def new_link(
    request: StaffRequest, patient_id: uuid.UUID, screening_id: uuid.UUID
) -> HttpResponse:
    """Make a new link for an open screening; the old one stops working."""
    row = the_patient(request, patient_id)
    screening = get_object_or_404(row.screenings.all(), id=screening_id)
    try:
        made = reinvite(
            screening=screening, by=Actor.staff(request.user), at=timezone.now()
        )
    except InvitationRefused as error:
        refused(request, error)
        return redirect("clinicians:patient", row.id)
    return _show_link(request, row, made, send=False, code=False)


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


def _show_link(
    request: StaffRequest, row: Patient, made: Invited, *, send: bool, code: bool
) -> HttpResponse:
    """Show the link: once, since only its hash is kept."""
    link = f"{settings.BASE_URL}{reverse('invitation', args=[made.token])}"
    context = {
        "header": header(row),
        "link": link,
        "qr": qr_code(link),
        "until": moment(made.invitation.expires_at, request.clinic.zone),
        "code": code,
        "sent": _send(request, row, made, link, code=code) if send else "",
        "phone": request.clinic.phone,
        "clinic": request.clinic.name,
        "language": made.screening.language,
    }
    return page(request, "staff/invitation.html", context)


def _send(
    request: StaffRequest, row: Patient, made: Invited, link: str, *, code: bool
) -> str:
    """Send the link after it was saved; a mail that fails leaves the link as it is."""
    if not row.email:
        return "No e-mail was sent: the patient has no address here."
    try:
        notify.send_invitation(
            to=row.email,
            clinic=request.clinic,
            link=link,
            language=made.screening.language,
            until=made.invitation.expires_at,
            code=code,
        )
    except notify.MailFailed as error:
        return f"The e-mail was not sent. {error} Give the link another way."
    return "The link was sent to the patient's e-mail address."


def qr_code(link: str) -> SafeString:
    """The link as a picture, within the page: no other address holds it."""
    drawn = segno.make(link, error="m", micro=False)
    svg = drawn.svg_inline(scale=5, border=4, light="#fff", dark="#000")
    return mark_safe(svg)  # noqa: S308 - made here from modules, no text in it
