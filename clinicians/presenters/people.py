"""A patient's header: two identifiers on every page about a patient."""

from dataclasses import dataclass, replace

from django.db.models import Model

from clinicians.actions.patients import RECORD_NUMBER
from clinicians.presenters.times import stored_day
from core.crypto import CannotRead
from core.models import Patient
from screening import definitions
from screening.models import Flag

LANGUAGES = definitions.english_names()
UNREADABLE = "(cannot be read: the key is missing or the entry was changed)"


def readable(row: Model, name: str) -> str:
    """An encrypted text, or that it cannot be read: never silence, never a broken page."""
    try:
        return str(getattr(row, name))
    except CannotRead:
        return UNREADABLE


@dataclass(frozen=True, slots=True)
class PatientHeader:
    """Who this is, so that nobody is mistaken for somebody else."""

    id: str
    name: str
    birth_date: str
    record_number: str
    language: str
    status: str
    # Empty for an active record; else what must not be overlooked beside the name.
    state: str = ""
    # Empty but for a row of a record that was merged: how that one knew the person.
    recorded_as: str = ""


def header(patient: Patient) -> PatientHeader:
    """Present a patient by the record that stays.

    For a list of them, select `merged_into` and prefetch the identifiers of both.
    """
    stays = patient.stays
    recorded_as = ""
    if stays is not patient:
        then, _, before = _identifiers(patient)
        recorded_as = f"{then}, record {before}"
    return replace(own_header(stays), recorded_as=recorded_as)


def own_header(patient: Patient) -> PatientHeader:
    """Present one record by itself, also one that was merged."""
    name, born, number = _identifiers(patient)
    return PatientHeader(
        id=str(patient.id),
        name=name,
        birth_date=stored_day(born) or "not recorded",
        record_number=number,
        language=LANGUAGES.get(patient.language, patient.language),
        status=patient.get_status_display(),
        state=state_words(patient),
    )


def _identifiers(patient: Patient) -> tuple[str, str, str]:
    numbers = sorted(
        patient.identifiers.all(), key=lambda i: (i.system != RECORD_NUMBER, i.system)
    )
    try:
        number = numbers[0].value if numbers else "none"
        return patient.display_name, patient.birth_date, number
    except CannotRead:
        return UNREADABLE, "", ""


def state_words(patient: Patient) -> str:
    """What stands beside the name, unless the record is simply in use."""
    if patient.status == Patient.Status.ACTIVE:
        return ""
    died_on = stored_day(readable(patient, "died_on"))
    words = str(patient.get_status_display())
    return f"{words}, {died_on}" if died_on else words


@dataclass(frozen=True, slots=True)
class Why:
    """One reason, in words: what was asked and what was said, not a code.

    `brief` is what a row of the queue has room for: the number without its sources.
    """

    tier: str
    title: str
    question: str
    answer: str
    words: str
    detail: str
    brief: str
    rule: str
    by_model: bool


def why(flag: Flag) -> Why:
    """Present a flag from its evidence."""
    try:
        evidence = flag.evidence_dict
    except CannotRead:
        evidence = {"detail": UNREADABLE}
    words = evidence.get("words") or []
    detail = evidence.get("detail") or ""
    told = evidence.get("item_text") or words
    return Why(
        tier=flag.tier,
        title=flag.title,
        question=evidence.get("item_text") or "",
        answer=evidence.get("option_text") or "",
        words=" … ".join(words),
        detail=detail,
        brief="" if told else detail.partition(";")[0],
        rule=f"{flag.rule}, version {flag.rule_version}",
        by_model=flag.source == Flag.Source.MODEL,
    )
