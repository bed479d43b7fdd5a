"""What a patient's question is about: one of the kinds that reviewed texts answer.

Plain rules first, then how near the question lies to examples of each kind; both are
data. Where rule and examples agree, that kind is shown; else up to three are offered.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.domain.asking import INTENTS, OUTSIDE
from screening.language import question_bank, tables, words

LONGEST = 600
REFUSING = ("rule", "intent", "over")
# Fewer words with a question mark are an unsure answer ("always?").
SAID = 3
# What people say as a statement when they ask how to read an item.
STATEMENTS = ("not_in_my_life", "usual")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about.

    `intents` are all kinds, the likeliest first. `refused` names what no explanation
    may answer, or is empty. `sure` says that rule and examples agree on the first;
    `known` that there is a rule for it, or that examples lie near.
    """

    intents: tuple[str, ...]
    by_rule: tuple[str, ...]
    refused: str = ""
    sure: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True)
class _Rules:
    refusals: Mapping[str, tuple[re.Pattern[str], ...]]
    intents: Mapping[str, tuple[re.Pattern[str], ...]]
    mend: words.Mend
    weight: float
    refusing: Mapping[str, float]
    near: float


def read(question: str, language: str) -> Asked:
    """What a question in a language is about."""
    rules = _rules(tables.short(language))
    plain = _folded(question, rules)
    intents, refusals = _matched(rules.intents, plain), _matched(rules.refusals, plain)
    near = question_bank.nearness(question)
    scores = {kind: near.get(kind, 0.0) for kind in question_bank.KINDS}
    for kind in (*intents, *refusals):
        scores[kind] += rules.weight
    ranked = _ranked(scores, intents, INTENTS)
    agreed = _top(near) == ranked[0] if near else len(intents) == 1
    return Asked(
        intents=ranked,
        by_rule=intents,
        refused=_refused(rules, scores, near, intents, refusals),
        sure=ranked[0] in intents and agreed,
        known=bool(intents) or scores[ranked[0]] > rules.near,
    )


def _refused(
    rules: _Rules,
    scores: Mapping[str, float],
    near: Mapping[str, float],
    intents: tuple[str, ...],
    refusals: tuple[str, ...],
) -> str:
    """The kind that no explanation may answer, if the question is of that side.

    The nearness to all such kinds together tells the sides apart better than the
    nearest single kind. What would give this program orders is refused by rule alone.
    """
    weights = rules.refusing
    said = sum(near.get(kind, 0.0) for kind in OUTSIDE)
    said += weights["rule"] * bool(refusals) - weights["intent"] * bool(intents)
    if "injection" in refusals:
        return "injection"
    return _ranked(scores, refusals, OUTSIDE)[0] if said > weights["over"] else ""


def _ranked(
    scores: Mapping[str, float], matched: tuple[str, ...], kinds: tuple[str, ...]
) -> tuple[str, ...]:
    """The likeliest first; at equal scores in the order of the rules."""
    order = dict.fromkeys((*matched, *kinds))
    return tuple(sorted(order, key=lambda kind: -scores[kind]))


def asks(words_typed: str, language: str) -> bool:
    """Whether words that no rule reads as an answer ask all the same: "I do not read
    newspapers". Only what is sure, or a vague answer would be talked past; a question
    mark makes sure what a rule knows: "I'm always like that?"."""
    asked = read(words_typed, language)
    if "?" in words_typed and asked.by_rule and len(words_typed.split()) >= SAID:
        return not asked.refused and asked.by_rule[0] in STATEMENTS
    return asked.sure and not asked.refused and asked.intents[0] in STATEMENTS


def _folded(text: str, rules: _Rules) -> str:
    """The words as rules read them; of a long text its beginning and its end."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} . {text[-LONGEST // 2 :]}"
    return words.fold(text, mend=rules.mend).text


def _top(near: Mapping[str, float]) -> str:
    return max(near, key=lambda kind: near[kind]) if near else ""


def _matched(
    rules: Mapping[str, tuple[re.Pattern[str], ...]], plain: str
) -> tuple[str, ...]:
    return tuple(
        kind
        for kind, patterns in rules.items()
        if any(pattern.search(plain) for pattern in patterns)
    )


def check(language: str) -> None:
    """Raise TableError if the rules of this language cannot be used."""
    _rules(language)


@lru_cache(maxsize=4)
def _rules(language: str) -> _Rules:
    table = tables.table("questions", language)
    place = f"questions.{language}.json"
    for name, kinds in (("refusals", OUTSIDE), ("intents", INTENTS)):
        if set(table[name]) != set(kinds):
            raise tables.TableError(f"{place}: {name} must name every kind once.")
    return _Rules(
        refusals=_compiled(table, "refusals", place),
        intents=_compiled(table, "intents", place),
        mend=words.alias_mender(table["aliases"]),
        weight=float(table["weight"]),
        refusing={name: float(table["refusing"][name]) for name in REFUSING},
        near=float(table["near"]),
    )


def _compiled(
    table: Mapping[str, Any], name: str, place: str
) -> dict[str, tuple[re.Pattern[str], ...]]:
    return {
        kind: tables.compiled(
            tuple(patterns), table["parts"], place=f"{place} {name} {kind}"
        )
        for kind, patterns in table[name].items()
    }
