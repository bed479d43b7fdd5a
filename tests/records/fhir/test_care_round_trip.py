"""Whatever is known of a review, a consent, an origin or a line: it is read back."""

from datetime import UTC, date, timedelta
from typing import get_type_hints
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.fhir.audit_event import Line, audit_event
from records.fhir.consent import Agreed, consent
from records.fhir.patient import patient
from records.fhir.provenance import Origin, provenances
from records.fhir.questionnaire import (
    Condition,
    Form,
    Offered,
    Question,
    Total,
    Words,
    questionnaire,
)
from records.fhir.review import Raised, Review, Told, communication, flag, task
from records.fhir.values import Coding, Concept, Identifier, PatientRecord, Subject
from tests.records.fhir.administrations import EARLIEST, LATEST, words
from tests.records.fhir.judge import accept

_TIMES = st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC))
_DAYS = st.dates(date(1900, 1, 1), date(2090, 12, 31)).map(date.isoformat)

BY_TYPE = {
    str: words(),
    UUID: st.uuids(),
    bool: st.booleans(),
    tuple[str, ...]: st.lists(words(), min_size=1, max_size=2).map(tuple),
    tuple[UUID, ...]: st.lists(st.uuids(), max_size=2).map(tuple),
}


def _of(_made, **fixed):
    """Any value of this class, each member as it is fixed, or else as its type says."""
    hints = get_type_hints(_made)
    wanted = {name: BY_TYPE[of] for name, of in hints.items() if of in BY_TYPE}
    return st.builds(_made, **{**wanted, **fixed})


CODING = _of(
    Coding,
    system=st.just("http://loinc.org"),
    code=st.from_regex(r"[A-Za-z0-9-]{1,12}", fullmatch=True),
)
CONCEPT = _of(Concept, coding=CODING)
IDENTIFIER = _of(Identifier, system=st.just("urn:oid:1.2"))
SUBJECT = _of(Subject, identifier=st.none() | IDENTIFIER)
WORDS = _of(
    Words, also=st.lists(st.tuples(st.just("es-US"), words()), max_size=1).map(tuple)
)
OFFERED = _of(Offered, coding=CODING, words=WORDS, weight=st.none() | st.integers(0, 4))
TIMED = {"changed_at": _TIMES}
MADE = {
    "task": _of(
        Review,
        subject=SUBJECT,
        status=st.sampled_from(["requested", "accepted", "completed"]),
        stage=CONCEPT,
        kind=CONCEPT,
        opened_at=_TIMES,
        due_at=_TIMES,
        focus=st.none() | st.uuids(),
        owner=st.none() | IDENTIFIER,
        acknowledged_at=st.none() | _TIMES,
        closed_at=st.none() | _TIMES,
        disposition=st.none() | CONCEPT,
        **TIMED,
    ).map(task),
    "flag": _of(
        Raised,
        subject=SUBJECT,
        rule=CONCEPT,
        author=IDENTIFIER,
        raised_at=_TIMES,
        closed_at=st.none() | _TIMES,
        **TIMED,
    ).map(flag),
    "communication": _of(
        Told,
        subject=SUBJECT,
        status=st.sampled_from(["completed", "stopped", "not-done"]),
        step=CONCEPT,
        medium=CONCEPT,
        made_at=_TIMES,
        sent_at=st.none() | _TIMES,
        **TIMED,
    ).map(communication),
    "consent": _of(
        Agreed, subject=SUBJECT, kind=CONCEPT, help=CONCEPT, given_at=_TIMES, **TIMED
    ).map(consent),
    "line": _of(
        Line,
        kind=CONCEPT,
        action=st.sampled_from("CRUDE"),
        at=_TIMES,
        agent=IDENTIFIER,
        clinic=IDENTIFIER,
        patient=st.none() | SUBJECT,
        thing=st.none() | IDENTIFIER,
    ).map(audit_event),
    "patient": _of(
        PatientRecord,
        birth_date=st.just("") | _DAYS,
        died_on=st.just("") | _DAYS,
        identifiers=st.lists(IDENTIFIER, max_size=2).map(tuple),
        replaced_by=st.none() | st.uuids(),
        **TIMED,
    ).map(patient),
    "form": _of(
        Form,
        id=st.just("phq-9-2026.1"),
        url=st.just("https://clinic.example/Questionnaire/phq-9"),
        status=st.sampled_from(["active", "retired"]),
        language=st.just("en"),
        short_name=st.just("PHQ-9"),
        title=WORDS,
        instruction=WORDS,
        panel=CODING,
        questions=st.tuples(
            _of(
                Question,
                coding=CODING,
                words=WORDS,
                options=st.tuples(OFFERED, OFFERED),
                condition=st.none() | _of(Condition, link_ids=st.just(("a", "b"))),
            )
        ),
        totals=st.tuples(_of(Total, concept=CONCEPT, of=st.just(("a", "b")))),
        changed_at=st.none() | _TIMES,
    ).map(questionnaire),
}


@pytest.mark.parametrize("name", MADE)
def test_it_is_read_back_without_loss(name):
    @settings(max_examples=25, deadline=timedelta(seconds=5))
    @given(MADE[name])
    def holds(made):
        accept(made)

    holds()


@settings(max_examples=25, deadline=timedelta(seconds=5))
@given(
    _of(
        Origin,
        subject=SUBJECT,
        clinic=IDENTIFIER,
        recorded_at=_TIMES,
        observations=st.just(("one", "two")),
        by=st.none() | IDENTIFIER,
        by_patient=st.booleans(),
        worded=st.just(()),
        revision=st.integers(1, 3),
        **TIMED,
    )
)
def test_origins_are_read_back_without_loss(origin):
    for made in provenances(origin):
        accept(made)
