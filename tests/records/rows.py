"""Rows of the other apps, as a finished screening leaves them."""

from datetime import UTC, datetime

from core.models import Clinic, Patient, PatientIdentifier
from screening.actions.definitions import find, snapshot
from screening.domain import scoring
from screening.models import Administration, Answer, Score, Screening

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def make_clinic(name="North clinic", purpose="LIVE"):
    return Clinic.objects.create(name=name, purpose=purpose, created_at=AT)


def make_patient(clinic, number="", system="urn:oid:1.2.3"):
    patient = Patient.objects.create(clinic=clinic, family_name="Doe", created_at=AT)
    if number:
        PatientIdentifier.objects.create(
            clinic=clinic, patient=patient, system=system, value=number
        )
    return patient


def make_administration(
    clinic,
    values,
    *,
    instrument_id="phq-9",
    language="en",
    patient=None,
    status="COMPLETED",
    origin="TAPPED",
    prorate=False,
):
    """`values` in item order: a number, "declined", or None for not asked."""
    done = AT if status == "COMPLETED" else None
    screening = Screening.objects.create(
        clinic=clinic,
        patient=patient or make_patient(clinic),
        battery=[instrument_id],
        language=language,
        status=status,
        created_at=AT,
        completed_at=done,
    )
    instrument = find(instrument_id, language)
    made = Administration.objects.create(
        screening=screening,
        definition=snapshot(instrument, at=AT),
        position=0,
        completed_at=done,
    )
    given = dict(zip((i.link_id for i in instrument.items), values, strict=False))
    for link_id, value in given.items():
        if value is not None:
            add_answer(made, link_id, value, origin=origin)
    if done:
        _add_score(made, instrument, given, prorate=prorate)
    return made


def add_answer(administration, link_id, value, *, origin="TAPPED", asked_as=None):
    screening = administration.screening
    declined = value == "declined"
    return Answer.objects.create(
        screening=screening,
        administration=administration,
        seq=screening.answers.count() + 1,
        link_id=link_id,
        value=None if declined else value,
        declined=declined,
        origin=origin,
        asked_as=asked_as,
        at=AT,
    )


def _add_score(administration, instrument, given, *, prorate):
    answers = {
        link_id: None if value == "declined" else value
        for link_id, value in given.items()
        if value is not None
    }
    score = scoring.score(instrument, answers, prorate=prorate)
    Score.objects.create(
        administration=administration,
        clinic=administration.screening.clinic,
        patient=administration.screening.patient,
        instrument_id=instrument.id,
        total=score.total,
        band=score.band or "",
        complete=score.complete,
        prorated=score.prorated,
        at_cut=score.at_cut,
        detail=score.to_dict(),
        at=AT,
    )
