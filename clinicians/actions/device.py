"""Handing a patient a device of the clinic: a link that only this device opens."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from clinicians.actions.inviting import open_screenings
from clinicians.actions.mailing import take_back
from clinicians.actions.records import check_record
from clinicians.definitions import planning_policy
from core import audit
from core.crypto import CannotRead
from core.models import Patient, User
from core.permissions import Permission, PermissionRefused
from screening.actions import Device, Invited, Terms, invite, reinvite

SWITCHED_OFF = "Your clinic does not have patients answer on its own devices."
ANSWERED_HERE = "The patient was handed a device of the clinic."


class HandOverRefused(ValueError):
    """No device can be handed to this patient now; the sentence says what to do."""


def check_device(patient: Patient, by: User) -> None:
    """Raise PermissionRefused or HandOverRefused unless a device may be handed over."""
    check_record(patient, by, Permission.INVITE)
    if not patient.clinic.kiosk_enabled:
        raise PermissionRefused(SWITCHED_OFF)
    if patient.status != Patient.Status.ACTIVE:
        raise HandOverRefused("This patient's record is not active.")
    try:
        born = patient.birth_date
    except CannotRead:
        born = ""
    if not born:
        raise HandOverRefused(
            "The record has no birth date to ask the patient for. Add it first."
        )


@transaction.atomic
def hand_device(
    *,
    patient: Patient,
    battery: Sequence[str],
    language: str,
    by: User,
    at: datetime,
) -> Invited:
    """Let the patient answer on a device of the clinic, behind the birth date.

    What is open already is gone on with, and a link to it that was sent stops
    working. Raises HandOverRefused, InvitationRefused or NotAvailable.
    """
    check_device(patient, by)
    # Not asked twice by two at once; without the key, so that answers go on elsewhere.
    Patient.objects.select_for_update(no_key=True).get(id=patient.id)
    actor = audit.Actor.staff(by)
    waiting = open_screenings([patient.id]).get(patient.id)
    if waiting is None:
        made = invite(
            patient=patient,
            battery=battery,
            language=language,
            by=actor,
            at=at,
            **_terms(at),
        )
    else:
        take_back(screening=waiting, why=ANSWERED_HERE, at=at)
        made = reinvite(screening=waiting, by=actor, at=at, **_terms(at))
    audit.record(
        clinic_id=patient.clinic_id,
        kind="DEVICE_HANDED",
        by=actor,
        at=at,
        object_type="patient",
        object_id=patient.id,
        detail={"screening": str(made.screening.id)},
    )
    return made


def _terms(at: datetime) -> Terms:
    policy = planning_policy()
    return {
        "until": at + timedelta(minutes=policy.device_open_minutes),
        "device": Device(policy.device_idle_seconds, policy.device_warning_seconds),
    }
