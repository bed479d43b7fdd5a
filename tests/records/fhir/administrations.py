"""Finished administrations for the pure tests: one by hand, and any at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from records.fhir.values import (
    Administration,
    Choice,
    Coding,
    Concept,
    Finding,
    Identifier,
    Item,
    Measure,
    Subject,
)

LOINC = "http://loinc.org"
LOCAL = "https://clinic.example/fhir/R4/CodeSystem/screening"
ID = UUID("7d0f2a3e-5a51-4a43-9a5e-1f2f7c1a0b01")
PATIENT = UUID("3b1d7f5c-0e6a-4a0f-8c55-5d4f0b9e2c02")


# Hypothesis wants its bounds without a zone, and adds one itself.
EARLIEST = datetime(1990, 1, 1)  # noqa: DTZ001
LATEST = datetime(2090, 1, 1)  # noqa: DTZ001


def concept(
    code: str, text: str, *, system: str = LOINC, display: str | None = None
) -> Concept:
    return Concept(coding=Coding(system=system, code=code, display=display), text=text)


def item(key: str, **changes) -> Item:
    made = Item(
        key=key,
        link_id=f"/{key}",
        concept=concept("44250-9", "Little interest or pleasure in doing things"),
        choice=Choice(
            concept=concept("LA6569-3", "Several days", display="Several days"),
            ordinal=1,
        ),
    )
    return replace(made, **changes)


def total(**changes) -> Measure:
    made = Measure(
        key="total",
        concept=concept("44261-6", "PHQ-9 total"),
        value=Decimal("12"),
        unit="{score}",
        from_items=("1",),
        band=concept("phq-9-moderate", "Moderate", system=LOCAL),
    )
    return replace(made, **changes)


def administration(**changes) -> Administration:
    made = Administration(
        id=ID,
        questionnaire="https://clinic.example/fhir/R4/Questionnaire/phq-9",
        version="2026.1",
        language="en",
        subject=Subject(
            id=PATIENT, identifier=Identifier(system="urn:oid:1.2", value="MRN-7")
        ),
        answered=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
        submitted=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
        self_reported=True,
        test_data=False,
        panel=concept("44249-1", "PHQ-9"),
        items=(item("1"),),
        measures=(total(),),
    )
    return replace(made, **changes)


def words():
    # What XML and FHIR strings allow, at least one of them not a space.
    letters = st.characters(codec="utf-8", exclude_categories=["C", "Z"])
    return st.text(letters, min_size=1, max_size=40)


def _concepts():
    code = st.from_regex(r"[A-Za-z0-9-]{1,12}", fullmatch=True)
    coding = st.builds(
        Coding,
        system=st.sampled_from([LOINC, LOCAL]),
        code=code,
        display=st.none() | words(),
    )
    return st.builds(Concept, coding=coding, text=words())


def _items(key: str):
    choice = st.builds(
        Choice, concept=_concepts(), ordinal=st.none() | st.integers(0, 5)
    )
    return st.builds(
        Item,
        key=st.just(key),
        link_id=st.just(f"/{key}"),
        concept=_concepts(),
        choice=st.none() | choice,
        declined=st.booleans(),
        in_panel=st.booleans(),
        revision=st.integers(1, 3),
        amended_at=st.none() | st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
    )


def _measures(key: str):
    return st.builds(
        Measure,
        key=st.just(key),
        concept=_concepts(),
        value=st.none() | st.integers(0, 40) | st.decimals(0, 40, places=2),
        unit=st.just("{score}"),
        from_items=st.just(("1", "2")),
        band=st.none() | _concepts(),
        prorated=st.none() | words(),
    )


def administrations():
    """Any administration at all: what the round trip has to survive."""
    zone = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
    return st.builds(
        Administration,
        id=st.uuids(),
        questionnaire=st.just("https://clinic.example/Questionnaire/phq-9"),
        version=st.just("2026.1"),
        language=st.sampled_from(["en", "es-US"]),
        subject=st.builds(
            Subject,
            id=st.uuids(),
            identifier=st.none()
            | st.builds(Identifier, system=st.just("urn:oid:1.2"), value=words()),
        ),
        answered=st.datetimes(EARLIEST, LATEST, timezones=zone),
        submitted=st.datetimes(EARLIEST, LATEST, timezones=zone),
        revision=st.integers(1, 5),
        amended_at=st.none() | st.datetimes(EARLIEST, LATEST, timezones=zone),
        self_reported=st.booleans(),
        test_data=st.booleans(),
        panel=_concepts(),
        items=st.integers(1, 4).flatmap(
            lambda n: st.tuples(*(_items(str(one + 1)) for one in range(n)))
        ),
        measures=st.sampled_from([(), ("total",), ("anxiety", "total")]).flatmap(
            lambda keys: st.tuples(*map(_measures, keys))
        ),
        finding=st.none()
        | st.builds(
            Finding,
            key=st.just("result"),
            concept=_concepts(),
            value=st.none() | _concepts(),
            from_items=st.just(("1",)),
        ),
        no_total=st.none() | words(),
        moved_at=st.none() | st.datetimes(EARLIEST, LATEST, timezones=zone),
        stage=st.sampled_from(["", "in-progress", "stopped"]),
    )
