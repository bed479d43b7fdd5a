"""Texts of the library for tests: good ones, and a way to sign them."""

from core.models import User
from screening import actions, definitions
from screening.domain.wordings import Draft, Level
from screening.language import drafts, wording
from screening.models import Wording
from tests.cast import NOW, Cast

ENERGY = "Over the past 2 weeks, how often have you felt tired or had little energy?"
ENERGY_TOO = "In the last 2 weeks, how often were you tired or had little energy?"
BAD = "How often are you tired? You should rest."


def draft(
    text: str = ENERGY,
    *,
    concept: str = "energy",
    language: str = "en",
    level: Level = Level.PLAIN,
    origin: Wording.Origin = Wording.Origin.WRITTEN,
) -> Draft:
    return drafts.paraphrase(
        text, concept=concept, language=language, level=level, origin=origin
    )


def shipped(concept: str = "energy", level: Level = Level.PLAIN) -> Draft:
    instrument = definitions.get("phq-9", "en")
    item = next(item for item in instrument.items if item.concept == concept)
    found = wording.wording(item, instrument, level)
    assert found is not None
    return drafts.shipped(found)


def propose(
    cast: Cast, text: str = ENERGY, by: User | None = None, **fields
) -> Wording:
    return actions.propose(
        clinic=cast.clinic, draft=draft(text, **fields), by=by or cast.alice, at=NOW
    )


def sign(cast: Cast, text: Draft, *people: User) -> None:
    for person in people or (cast.alice, cast.liv):
        actions.sign(clinic=cast.clinic, draft=text, by=person, at=NOW)
