"""Domain values for the tests, built afresh in fixtures so that mutants are built too."""

import json
from datetime import date
from pathlib import Path

import pytest

import screening
from screening.domain.dialogue import Part
from screening.domain.due import Hours, build_policy
from screening.domain.flags import build_rules
from screening.domain.instruments import build
from screening.domain.stepping_plan import plan
from screening.domain.stepping_rules import build_stepping
from tests.screening.domain.clocks import NEW_YORK, OFFICE

SHIPPED = Path(screening.__file__).parent / "definitions"
FIXTURES = Path(__file__).parent.parent / "definitions" / "fixtures"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def shipped(instrument_id, language="en"):
    folder = SHIPPED / "instruments" / instrument_id
    text = read(folder / f"{language}.json")
    return build(read(folder / "instrument.json"), text, file="en.json")


@pytest.fixture
def phq9():
    return shipped("phq-9")


@pytest.fixture
def gad7():
    return shipped("gad-7")


@pytest.fixture
def phq2():
    return shipped("phq-2")


@pytest.fixture
def phq4():
    return shipped("phq-4")


@pytest.fixture
def asq():
    return shipped("asq")


@pytest.fixture
def tiny_data():
    return read(FIXTURES / "good.json")


@pytest.fixture
def tiny(tiny_data):
    return build(tiny_data["instrument"], tiny_data["text"], file="tiny/en.json")


@pytest.fixture
def rules_data():
    return read(SHIPPED / "rules" / "flags.json")


@pytest.fixture
def rules(rules_data):
    return build_rules(rules_data, file="rules/flags.json")


@pytest.fixture
def policy():
    return build_policy(read(SHIPPED / "rules" / "due.json"), file="rules/due.json")


@pytest.fixture
def answered():
    """Answers in item order; None declines, "" leaves open."""

    def make(instrument, *values):
        pairs = zip(instrument.items, values, strict=False)
        return {item.link_id: value for item, value in pairs if value != ""}

    return make


@pytest.fixture
def load():
    """Each instrument once a test: building one for every example would be slow."""
    built = {}

    def get(instrument_id, language="en"):
        key = instrument_id, language
        if key not in built:
            built[key] = shipped(*key)
        return built[key]

    return get


@pytest.fixture
def due_data():
    return read(SHIPPED / "rules" / "due.json")


@pytest.fixture
def office():
    christmas = frozenset({date(2026, 12, 25)})
    return Hours(time_zone=NEW_YORK, weekly=OFFICE, holidays=christmas)


@pytest.fixture
def step_rules():
    return build_stepping(
        read(SHIPPED / "rules" / "stepping.json"), file="stepping.json"
    )


@pytest.fixture
def planned(load, step_rules):
    """The parts of a battery at a clinic where short forms lead on."""

    def make(*battery, always=True):
        longer = {name: load(name) for name in ("phq-9", "gad-7")}
        found = plan([load(n) for n in battery], step_rules, longer, always=always)
        return tuple(
            Part(instrument=p.instrument, answers={}, follows=p.follows) for p in found
        )

    return make
