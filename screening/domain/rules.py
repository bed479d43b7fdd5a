"""The flag rules as data: what each watches, its tier, and where it comes from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from screening.domain.questionnaire import AnswerRefused, Instrument
from screening.domain.reading import DefinitionError, Reader, read_review


class Tier(StrEnum):
    """How soon a person must look; an order of work, never a level of risk."""

    URGENT = "URGENT"
    HIGH = "HIGH"
    ROUTINE = "ROUTINE"
    CONCERN = "CONCERN"


def tier_rank(tier: Tier) -> int:
    """URGENT is 0 and comes first."""
    return list(Tier).index(tier)


# The parameters that each kind of rule takes, and what type each has.
KIND_PARAMS: dict[str, dict[str, str]] = {
    "answer_at_least": {"link_ids": "texts", "at_least": "integer"},
    "answer_declined": {"link_ids": "texts"},
    "answered_then_stopped": {"link_ids": "texts", "at_least": "integer"},
    "words": {"level": "text"},
    "call_asked": {},
    "at_cut": {"instrument": "text"},
    "at_band": {"instrument": "text", "band": "text"},
    "short_form_positive": {"instrument": "text", "longer_forms": "texts"},
    "subscale_positive": {
        "instrument": "text",
        "subscale": "text",
        "longer_forms": "texts",
    },
    "reliable_worsening": {"against": "text"},
}
LEVELS = ("urgent", "concern", "model")
AGAINST = ("last", "baseline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One flag rule."""

    id: str
    version: str
    tier: Tier
    kind: str
    params: Mapping[str, Any]
    title: str
    source: str
    review_state: str
    reviewed_by: str | None
    reviewed_on: str | None


def build_rules(data: object, *, file: str) -> tuple[Rule, ...]:
    """Read the rules file; an unknown kind, key or tier is refused."""
    reader = Reader(data, file)
    reader.only("version", "about", "rules")
    reader.text("about")
    rules = tuple(
        _read_rule(r, reader.text("version")) for r in reader.children("rules")
    )
    ids = [rule.id for rule in rules]
    for rule_id in ids:
        if ids.count(rule_id) > 1:
            raise reader.refusal(f"duplicate rule id {rule_id}", "rules")
    return rules


def _read_rule(reader: Reader, version: str) -> Rule:
    reader.only(
        *("id", "tier", "kind", "params", "title", "source"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    if reader.text("tier") not in list(Tier):
        raise reader.refusal(f"is not one of: {', '.join(Tier)}", "tier")
    state, by, on = read_review(reader)
    return Rule(
        id=reader.text("id"),
        version=version,
        tier=Tier(reader.text("tier")),
        kind=reader.text("kind"),
        params=_read_params(reader),
        title=reader.text("title"),
        source=reader.text("source"),
        review_state=state,
        reviewed_by=by,
        reviewed_on=on,
    )


def _read_params(reader: Reader) -> Mapping[str, Any]:
    kind = reader.text("kind")
    if kind not in KIND_PARAMS:
        raise reader.refusal(f"is not one of: {', '.join(KIND_PARAMS)}", "kind")
    params = reader.child("params")
    params.only(*KIND_PARAMS[kind])
    read = {key: getattr(params, how)(key) for key, how in KIND_PARAMS[kind].items()}
    for key, allowed in (("level", LEVELS), ("against", AGAINST)):
        if key in read and read[key] not in allowed:
            raise params.refusal(f"is not one of: {', '.join(allowed)}", key)
    if "link_ids" in read and not read["link_ids"]:
        raise params.refusal("needs at least one item", "link_ids")
    return read


def check_rules(
    rules: Iterable[Rule], instruments: Iterable[Instrument], *, file: str
) -> Iterator[DefinitionError]:
    """Rules that watch nothing, and what no rule watches: safety items, and a patient
    who asks to be called."""
    by_id = {instrument.id: instrument for instrument in instruments}
    rules = tuple(rules)
    for rule in rules:
        for reason in _rule_faults(rule, by_id):
            yield DefinitionError(file, f"rules {rule.id}", reason)
    if not any(rule.kind == "call_asked" for rule in rules):
        reason = "nothing flags that a patient asks to be called"
        yield DefinitionError(file, "rules", reason)
    watched = _watched(rules, "answer_at_least") & _watched(rules, "answer_declined")
    for instrument in by_id.values():
        for item in instrument.items:
            if item.safety and item.link_id not in watched:
                reason = f"nothing flags safety item {item.link_id} of {instrument.id}"
                yield DefinitionError(file, "rules", reason)


def _watched(rules: Iterable[Rule], kind: str) -> set[str]:
    return {
        link_id
        for rule in rules
        if rule.kind == kind
        for link_id in rule.params["link_ids"]
    }


def _rule_faults(rule: Rule, by_id: Mapping[str, Instrument]) -> Iterator[str]:
    params = rule.params
    for name in params.get("longer_forms", ()):
        if name not in by_id:
            yield f"no instrument {name}"
    for link_id in params.get("link_ids", ()):
        holders = [i for i in by_id.values() if _has(i, link_id)]
        if not holders:
            yield f"no instrument has the item {link_id}"
        for holder in holders:
            yield from _level_faults(rule, holder, link_id)
    if "instrument" in params:
        instrument = by_id.get(params["instrument"])
        if instrument is None:
            yield f"no instrument {params['instrument']}"
        else:
            yield from _threshold_faults(rule, instrument)


def _has(instrument: Instrument, link_id: str) -> bool:
    try:
        instrument.item(link_id)
    except AnswerRefused:
        return False
    return True


def _level_faults(rule: Rule, instrument: Instrument, link_id: str) -> Iterator[str]:
    """A level above zero that an answer can reach."""
    if "at_least" not in rule.params:
        return
    values = [option.value for option in instrument.item(link_id).options]
    if rule.params["at_least"] not in values:
        yield f"item {link_id} has no option {rule.params['at_least']}"


def _threshold_faults(rule: Rule, instrument: Instrument) -> Iterator[str]:
    params = rule.params
    if rule.kind in ("at_cut", "short_form_positive") and instrument.cut is None:
        yield f"{instrument.id} has no cut point"
    bands = [band.label for band in instrument.bands]
    if "band" in params and params["band"] not in bands:
        yield f"{instrument.id} has no band {params['band']}"
    subscales = [subscale.id for subscale in instrument.subscales]
    if "subscale" in params and params["subscale"] not in subscales:
        yield f"{instrument.id} has no subscale {params['subscale']}"
