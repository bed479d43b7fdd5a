"""The language layer as a black box: one plain object in, one out, for each verb.

What `manage.py language` prints and what the labelled sets are measured with: the same
functions that a patient's turn uses, without a model and without a database.
"""

from collections.abc import Callable, Mapping
from typing import Any

from screening import definitions
from screening.domain.instruments import DefinitionError, Instrument, Item
from screening.language import clarify, gate, interpret, meaning, redact, safety

LANGUAGES = {"en": "en", "es": "es-US", "es-us": "es-US"}
FIELDS = frozenset({"item", "lang", "text", "kind", "id"})
Answer = dict[str, Any]


class LineRefused(ValueError):
    """This line cannot be answered; the sentence says why."""


def interpreted(line: Mapping[str, Any]) -> Answer:
    """Return outcome (option, ask, unclear, declined), value, candidates and rule."""
    text = text_of(line)
    instrument, item = item_named(line)
    if safety.find(text, instrument.language).level != "none":
        # From words that worry us no option is proposed: a person reads them.
        return _meaning("unclear", rule="crisis-words")
    match meaning.read(text, instrument, item):
        case meaning.Question():
            return _meaning("unclear", rule="question")
        case interpret.Proposed(value=value, why=why):
            return _meaning("option", value=value, candidates=(value,), rule=why)
        case interpret.AskBack(values=values, reason_code=reason):
            return _meaning("ask", candidates=values, rule=reason)
        case interpret.Declined():
            return _meaning("declined", rule="declined")
        case interpret.Unclear():
            return _meaning("unclear")


def _meaning(
    outcome: str,
    *,
    value: int | None = None,
    candidates: tuple[int, ...] = (),
    rule: str | None = None,
) -> Answer:
    found = {"outcome": outcome, "value": value}
    return {**found, "candidates": list(candidates), "rule": rule}


def watched(line: Mapping[str, Any]) -> Answer:
    """Return level (none, concern, urgent), the gravest rule, and the words matched.

    by_example says that no rule spoke: the words read like the example in "rule".
    """
    found = safety.watch(text_of(line), _language(line))
    return {
        "level": found.level,
        "rule": found.rule_ids[0] if found.rule_ids else None,
        "rules": list(found.rule_ids),
        "matched": list(found.words),
        "by_example": found.by_example,
        "version": found.version,
    }


def gated(line: Mapping[str, Any]) -> Answer:
    """Return whether a wording passed, and each check that failed with its span."""
    text = text_of(line)
    instrument, item = item_named(line)
    kind = line.get("kind") or gate.kind_of(text, instrument.language)
    checks = {
        "paraphrase": gate.check_paraphrase,
        "explanation": gate.check_explanation,
    }
    if kind not in checks:
        raise LineRefused(f"kind is one of {', '.join(checks)}, not {kind!r}.")
    verdict = checks[kind](text, item, instrument)
    verdicts = [{"check": one.check, "span": one.span} for one in verdict.failures]
    return {"passed": verdict.passed, "verdicts": verdicts}


def clarified(line: Mapping[str, Any]) -> Answer:
    """Return up to three reviewed texts for a question, the best one first."""
    text = text_of(line)
    instrument, item = item_named(line)
    found = clarify.reviewed_answers(text, item, instrument)
    answers = [{"id": one.id, "text": one.text} for one in found]
    return {"answers": answers, "source": "reviewed"}


def redacted(line: Mapping[str, Any]) -> Answer:
    """Return the text without identifiers, and which kinds were removed."""
    found = redact.redacted(text_of(line))
    return {"text": found.text, "removed": list(found.removed)}


VERBS: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {
    "interpret": interpreted,
    "safety": watched,
    "gate": gated,
    "clarify": clarified,
    "redact": redacted,
}


def text_of(line: Mapping[str, Any]) -> str:
    """The text of a line; raises LineRefused."""
    text = line.get("text")
    if not isinstance(text, str):
        raise LineRefused('needs "text", as a string.')
    return text


def _language(line: Mapping[str, Any]) -> str:
    lang = line.get("lang", "en")
    found = LANGUAGES.get(lang.lower()) if isinstance(lang, str) else None
    if found is None:
        raise LineRefused(f'"lang" is en or es, not {lang!r}.')
    return found


def item_named(line: Mapping[str, Any]) -> tuple[Instrument, Item]:
    """The item that `phq-9/44250-9` names; its address in the form is /44250-9."""
    name = line.get("item")
    if not isinstance(name, str) or "/" not in name:
        raise LineRefused('needs "item", such as phq-9/44250-9.')
    instrument_id, code = name.split("/", 1)
    try:
        instrument = definitions.get(instrument_id, _language(line))
    except (KeyError, DefinitionError) as error:
        raise LineRefused(str(error.args[0])) from error
    for link_id in (f"/{code.lstrip('/')}", code):
        for item in instrument.items:
            if item.link_id == link_id:
                return instrument, item
    known = ", ".join(item.link_id.lstrip("/") for item in instrument.items)
    raise LineRefused(f"{instrument_id} has no item {code!r}. It has: {known}.")
