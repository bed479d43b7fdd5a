"""Changes the language of a screening: what has not been begun follows, the rest stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from core.audit import Actor
from screening import definitions
from screening.actions import chain
from screening.actions.definitions import NotAvailable, find, snapshot
from screening.actions.entry import TooLate
from screening.domain.instruments import Instrument
from screening.domain.stepping import Follows, in_place_of, replaced_by
from screening.domain.stepping_plan import plan
from screening.models import Administration, Screening


@transaction.atomic
def switch_language(*, screening: Screening, language: str, at: datetime) -> Screening:
    """Have the pages, and every instrument that nobody has begun, in this language.

    An instrument with an answer keeps its own: one translation was validated as a
    whole, and two mixed are none. So does one that has no text in the language. A
    longer form that keeps the answers to a short one goes with it or not at all; only
    where the short one has no text and nothing was answered is the longer one asked
    whole in its place.
    """
    if language not in definitions.codes():
        raise NotAvailable(f"There are no pages in {language}.")
    row = Screening.objects.select_for_update(of=("self",)).get(id=screening.id)
    if not row.is_open:
        raise TooLate("This screening is over.")
    if row.language == language:
        return row
    followed = [
        one.position
        for unit in _units(row.administrations.select_related("definition"))
        for one in _follow(row, unit, language, at=at)
    ]
    chain.note(
        row,
        "LANGUAGE_SWITCHED",
        by=Actor.patient(row.patient_id),
        at=at,
        detail={"from": row.language, "to": language, "followed": followed},
    )
    row.language = language
    chain.save(row, "language")
    return row


def _units(rows: Iterable[Administration]) -> list[list[Administration]]:
    """What shares answers, and so has to stay in one language."""
    units: dict[int, list[Administration]] = {}
    for one in rows:
        follows = _plan_of(one)
        starts = follows is None or follows.replaced
        unit = [] if starts or follows is None else units[follows.of]
        units[one.position] = unit
        unit.append(one)
    return [unit for position, unit in units.items() if unit[0].position == position]


def _plan_of(row: Administration) -> Follows | None:
    return Follows.from_dict(row.follows) if row.follows else None


def _follow(
    screening: Screening,
    unit: Sequence[Administration],
    language: str,
    *,
    at: datetime,
) -> list[Administration]:
    """Put a unit that nobody has begun in this language, where it has all of it, or
    all but the short form."""
    if any(one.started_at or one.answers.exists() for one in unit):
        return []
    short, *longer = unit
    try:
        found = {one: find(one.definition.instrument_id, language) for one in longer}
    except NotAvailable:
        return []
    try:
        found[short] = find(short.definition.instrument_id, language)
    except NotAvailable:
        if not longer or not _may_stand_alone(short, longer):
            return []
        _ask_longer(short, longer)
    else:
        _ask_short(screening, short, found)
    for one in unit:
        if one in found:
            one.definition = snapshot(found[one], at=at)
        one.save(update_fields=["definition", "follows"])
    return [one for one in unit if one in found]


def _may_stand_alone(short: Administration, longer: Iterable[Administration]) -> bool:
    rules = {(rule.short, rule.long): rule for rule in definitions.step_rules()}
    pairs = [
        (short.definition.instrument_id, one.definition.instrument_id) for one in longer
    ]
    return all(pair in rules and rules[pair].alone for pair in pairs)


def _ask_longer(short: Administration, longer: Sequence[Administration]) -> None:
    """Ask the longer forms whole. Nothing changes its place: a page that is open in
    another window still says where its answer belongs."""
    version = definitions.step_rules()[0].version
    short.follows = replaced_by(longer[0].position, version).to_dict()
    for one in longer:
        one.follows = in_place_of(short.position, version).to_dict()


def _ask_short(
    screening: Screening,
    short: Administration,
    found: Mapping[Administration, Instrument],
) -> None:
    """Let a short form lead on again, in whose place its longer ones were asked."""
    follows = _plan_of(short)
    if follows is None:
        return
    chosen = [
        instrument
        for one, instrument in found.items()
        if one is not short and instrument.id in screening.battery
    ]
    planned = plan(
        [found[short], *chosen],
        definitions.step_rules(),
        {each.id: each for each in found.values()},
        always=screening.clinic.step_safety,
    )
    anew = {each.instrument.id: each.follows for each in planned}
    for one, instrument in found.items():
        led = anew.get(instrument.id)
        one.follows = replace(led, of=short.position).to_dict() if led else None
