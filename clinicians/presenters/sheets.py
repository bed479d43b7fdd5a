"""An invitation as a sheet of paper: the link, its picture, and how to use it."""

from collections.abc import Iterable
from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.safestring import SafeString, mark_safe

from clinicians.presenters.people import PatientHeader, header
from core.models import Clinic
from screening.actions import token_of
from screening.models import Invitation


@dataclass(frozen=True, slots=True)
class Sheet:
    """One patient's sheet, in the language in which the patient is asked."""

    patient: PatientHeader
    link: str
    qr: SafeString
    until: str
    code: bool
    language: str
    phone: str


def sheet(invitation: Invitation, clinic: Clinic) -> Sheet | None:
    """The sheet of a link that can be made again; None of one that was shown once."""
    token = token_of(invitation)
    if token is None:
        return None
    screening = invitation.screening
    link = f"{settings.BASE_URL}{reverse('invitation', args=[token])}"
    until = invitation.expires_at.astimezone(clinic.zone)
    with translation.override(screening.language.lower()):
        day = formats.date_format(until.date(), "DATE_FORMAT")
    return Sheet(
        patient=header(screening.patient),
        link=link,
        qr=qr_code(link),
        until=day,
        code=bool(invitation.code_hash),
        language=screening.language,
        phone=clinic.phone,
    )


def sheets(invitations: Iterable[Invitation], clinic: Clinic) -> list[Sheet]:
    """The sheets of several."""
    made = (sheet(invitation, clinic) for invitation in invitations)
    return [one for one in made if one is not None]


def qr_code(link: str) -> SafeString:
    """The link as a picture, within the page: no other address holds it."""
    drawn = segno.make(link, error="m", micro=False)
    svg = drawn.svg_inline(scale=5, border=4, light="#fff", dark="#000")
    return mark_safe(svg)  # noqa: S308 - made here from modules, no text in it
