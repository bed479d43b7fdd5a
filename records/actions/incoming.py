"""What other systems send in, each thing once, and with a line in the log."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from clinicians.actions.inviting import ask_once
from core import audit
from core.audit import Actor
from core.crypto import CannotRead
from core.models import Patient
from records.actions.once import Key, Taken, note, once
from records.models import ApiClient, DraftQuestionnaire, Received
from screening.actions import revoke_invitation
from screening.actions.recording import record_answers
from screening.models import Invitation, Screening

_KINDS = Received.Kind
# Before the first answer; one that ran out has no link that works any more.
_UNTOUCHED = (Screening.Status.INVITED, Screening.Status.EXPIRED)
BEGUN = (
    "The patient has begun, or has ended it. Only the clinic's staff can stop the link "
    "of a screening that was begun."
)


class NotTaken(ValueError):
    """It cannot be taken in; the sentence says why."""


def receive_response(
    *,
    client: ApiClient,
    patient: Patient,
    instrument_id: str,
    language: str,
    answers: Mapping[str, int | None],
    answered_at: datetime,
    key: Key,
    at: datetime,
) -> Taken:
    """Store, score and flag answers from elsewhere; returns their administration.

    The same thing sent twice at the same moment is stored once: the second waits for
    the row of the first, and what it had begun is undone. Raises NotTaken, SentBefore.
    """
    by = Actor.client(client.id)

    def store() -> uuid.UUID:
        person = _present(patient, answered_at=answered_at, at=at)
        screening = record_answers(
            patient=person,
            instrument_id=instrument_id,
            language=language,
            answers=answers,
            answered_at=answered_at,
            by=by,
            at=at,
        )
        made = screening.administrations.get().id
        note(client, "RESPONSE_RECEIVED", made, "Administration", at=at)
        return made

    return once(client, _KINDS.RESPONSE, key, store, at=at)


def receive_order(
    *,
    client: ApiClient,
    patient: Patient,
    battery: Sequence[str],
    language: str,
    mailed: bool,
    key: Key,
    at: datetime,
) -> Taken:
    """Invite a patient because another system asked for it; returns the screening.

    Raises InvitationRefused, NotAvailable or SentBefore. The link goes by mail, or
    waits on the patient's page for staff: it never leaves by the API.
    """
    by = Actor.client(client.id)

    def store() -> uuid.UUID:
        link = ask_once(
            patient=patient.stays,
            battery=battery,
            language=language,
            by=by,
            at=at,
            mailed=mailed,
        )
        note(client, "ORDER_RECEIVED", link.screening_id, "screening", at=at)
        return link.screening_id

    return once(client, _KINDS.ORDER, key, store, at=at)


def revoke_order(
    *, client: ApiClient, screening: Screening, key: Key, at: datetime
) -> Taken:
    """Stop the links of a screening that nobody has begun; raises NotTaken, SentBefore.

    Once a patient has begun, only the clinic's staff may stop them.
    """
    by = Actor.client(client.id)

    def store() -> uuid.UUID:
        rows = Screening.objects.select_for_update(of=("self",), no_key=True)
        if rows.get(id=screening.id).status not in _UNTOUCHED:
            raise NotTaken(BEGUN)
        links = Invitation.objects.filter(screening=screening, revoked_at=None)
        for link in links.order_by("id"):
            revoke_invitation(invitation=link, by=by, at=at)
        note(client, "ORDER_REVOKED", screening.id, "screening", at=at)
        return screening.id

    return once(client, _KINDS.REVOKE, key, store, at=at)


def _present(patient: Patient, *, answered_at: datetime, at: datetime) -> Patient:
    """The record that stays, held while answers are stored in it."""
    rows = Patient.objects.select_for_update(of=("self",), no_key=True)
    person = rows.select_related("clinic").get(id=patient.stays.id)
    if person.status == Patient.Status.DECEASED:
        raise NotTaken("This patient's record says that the patient has died.")
    if answered_at > at:
        raise NotTaken("The answers cannot be from the future.")
    try:
        born = person.birth_date
    except CannotRead:
        born = ""  # said where the record is shown; it stops nobody's answers
    if born and answered_at.astimezone(person.clinic.zone).date().isoformat() < born:
        raise NotTaken("The answers cannot be older than the patient.")
    return person


@transaction.atomic
def note_not_taken(
    *, client: ApiClient, what: str, reasons: Sequence[str], danger: bool, at: datetime
) -> None:
    """Write down that something was refused: its kind and FHIR's words for why.

    `danger`: it showed danger, and the sender was told that nobody here will see it.
    """
    audit.record(
        clinic_id=client.clinic_id,
        kind="RESOURCE_REFUSED",
        by=Actor.client(client.id),
        at=at,
        object_type="ApiClient",
        object_id=client.id,
        detail={"resource": what, "reasons": list(reasons), "danger": danger},
    )


def receive_questionnaire(
    *,
    client: ApiClient,
    url: str,
    version: str,
    title: str,
    content: dict[str, Any],
    digest: str,
    at: datetime,
) -> tuple[DraftQuestionnaire, bool]:
    """Keep a questionnaire as a draft; the same one sent again is the same draft."""
    rows = DraftQuestionnaire.objects.filter(
        clinic=client.clinic, digest=digest, discarded_at=None
    )
    if (known := rows.first()) is not None:
        return known, False
    try:
        with transaction.atomic():
            draft = DraftQuestionnaire.objects.create(
                clinic=client.clinic,
                client=client,
                url=url,
                version=version,
                title=title,
                content=content,
                digest=digest,
                received_at=at,
            )
            kind = "QUESTIONNAIRE_DRAFTED"
            note(client, kind, draft.id, "DraftQuestionnaire", at=at)
            return draft, True
    except IntegrityError:
        return rows.get(), False


@transaction.atomic
def discard_draft(*, draft: DraftQuestionnaire, by: Actor, at: datetime) -> None:
    """Put a draft away; it stays in the record of what was sent. Again is harmless."""
    rows = DraftQuestionnaire.objects.filter(id=draft.id, discarded_at=None)
    if rows.update(discarded_at=at, discarded_by_id=by.id):
        audit.record(
            clinic_id=draft.clinic_id,
            kind="DRAFT_DISCARDED",
            by=by,
            at=at,
            object_type="DraftQuestionnaire",
            object_id=draft.id,
        )
