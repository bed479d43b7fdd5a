"""What a delivery carries: the result as it stands now, and whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from clinicians.presenters.tables import as_csv
from records.fhir import values
from records.formats.hl7 import oru_r01
from records.formats.table import result_rows
from records.models import Delivery
from records.presenters.finished import finished, present
from records.presenters.naming import Naming
from records.presenters.patient import patient_record
from records.presenters.text_lock import TextChanged, check_texts


class CannotLeave(Exception):
    """The result is not as it has to be; the sentence says why nothing is sent."""


@dataclass(frozen=True, slots=True)
class Result:
    """One finished result and the record of the person whose it is.

    `version` counts amendments only: what a merge of records changes is not one.
    """

    version: int
    administration: values.Administration
    record: values.PatientRecord


def our_names() -> Naming:
    """Names that begin with the public address of our own endpoint."""
    metadata: str = settings.BASE_URL + reverse("records:metadata")
    return Naming(base=metadata.removesuffix("/metadata"))


def result_of(delivery: Delivery, naming: Naming) -> Result:
    """Read what leaves; raises CannotLeave. Text that was changed does not leave."""
    clinic = delivery.destination.clinic
    row = finished(clinic, delivery.administration_id)
    if row is None:
        raise CannotLeave("The result is not there any more.")
    _check_text(row.definition_id)
    administration = present(row, clinic, naming)
    record = patient_record(clinic, administration.subject.id, naming)
    if record is None:
        raise CannotLeave("The patient's record is not there.")
    return Result(row.score.version, administration, record)


def _check_text(definition_id: UUID) -> None:
    """Read the text anew, as it is stored now: a process may know it from before."""
    try:
        check_texts([definition_id])
    except TextChanged as changed:
        raise CannotLeave(
            "The questionnaire's stored text is not what it was when it was answered, "
            "so nothing that rests on it is sent."
        ) from changed


def hl7_message(delivery: Delivery, result: Result, *, at: datetime) -> bytes:
    """As HL7 v2; the delivery's id is the control id, however often it is sent."""
    message = oru_r01(
        _as_caused(delivery, result.administration),
        result.record,
        control_id=control_id(delivery),
        sender=delivery.destination.clinic.name,
        at=at,
    )
    return message.encode()


def _as_caused(
    delivery: Delivery, administration: values.Administration
) -> values.Administration:
    """Without a change of hands from before it was first sent: it corrects nothing."""
    if _moved(delivery, administration):
        return administration
    return replace(administration, moved_at=None)


def _moved(delivery: Delivery, administration: values.Administration) -> bool:
    moved = administration.moved_at
    return moved is not None and delivery.caused_at >= moved


def control_id(delivery: Delivery) -> str:
    """HL7 v2.5.1 has twenty places for it."""
    return delivery.id.hex[:20]


def csv_file(result: Result) -> bytes:
    return as_csv(result_rows(result.administration, result.record))


def file_name(delivery: Delivery, ending: str) -> str:
    """Says when and which, nothing of whom; in the order of their causes."""
    when = f"{delivery.caused_at:%Y%m%dT%H%M%S}"
    return f"{when}-{delivery.administration_id}-{delivery.version}.{ending}"


def _kind(delivery: Delivery, administration: values.Administration) -> str:
    if administration.retracted:
        return "result.retracted"
    if _moved(delivery, administration):
        return "result.moved"
    return "result.final" if delivery.version == 1 else "result.amended"


def event(delivery: Delivery, result: Result, naming: Naming) -> Mapping[str, Any]:
    """What a webhook says: that there is a result, and where whoever may can read it."""
    kind = _kind(delivery, result.administration)
    address = f"{naming.base}/QuestionnaireResponse/{delivery.administration_id}"
    return {
        "type": kind,
        "timestamp": delivery.caused_at.isoformat(),
        "data": {
            "id": str(delivery.administration_id),
            "version": delivery.version,
            "questionnaire_response": address,
        },
    }
