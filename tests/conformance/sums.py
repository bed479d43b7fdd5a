"""Our scoring against fhirpath.js: every expression of every form, set by set."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from records.fhir.questionnaire import CALCULATED, SHOWN_WHEN
from screening import definitions
from screening.domain.questionnaire import Instrument
from screening.domain.scoring import score, visible_items
from tests.conformance import parts
from tests.conformance.structure import EMITTED
from tests.conformance.table import Row, accepting

JUDGE = "fhirpath.js"
COMPLETE, INCOMPLETE = 1000, 1000
Picked = dict[str, int]  # by link id: which of the options
Expected = Callable[[Picked], list[Any]]
Json = dict[str, Any]


def forms() -> list[tuple[Instrument, Json]]:
    """Each shipped instrument and what is served of it."""
    found = []
    for (name, language), instrument in sorted(definitions.load_all().items()):
        path = EMITTED / f"form.{name}-{instrument.version}.json"
        if language == "en":
            found.append((instrument, json.loads(path.read_text())))
    return found


def rows() -> Iterator[Row]:
    """Totals of complete and incomplete sets, what is asked, and our own responses."""
    for instrument, form in forms():
        chance = random.Random(instrument.id)  # noqa: S311
        whole = [picked(instrument, chance, share=1) for _ in range(COMPLETE)]
        gaps = [picked(instrument, chance, share=0.9) for _ in range(INCOMPLETE)]
        for link_id, url, expression in _expressions(form):
            expected = _expected(instrument, link_id, url)
            for name, sets in (("complete", whole), ("with gaps", gaps)):
                found = evaluated(form, expression, sets)
                what = f"{form['name']} {link_id}: {len(sets)} sets, {name}"
                yield _compared(what, found, [expected(one) for one in sets])
        yield from _own(form)
    yield _without_weights()


def picked(instrument: Instrument, chance: random.Random, *, share: float) -> Picked:
    """Answers to the questions: all of them, or each with this probability."""
    return {
        item.link_id: chance.randrange(len(item.options))
        for item in instrument.items
        if share == 1 or chance.random() < share
    }


def values(instrument: Instrument, chosen: Picked) -> dict[str, int]:
    """The same answers as our rules read them."""
    return {
        link_id: instrument.item(link_id).options[number].value
        for link_id, number in chosen.items()
    }


def total(instrument: Instrument, link_id: str, chosen: Picked) -> int | None:
    """What our rules make of it: the total, or the one of a subscale."""
    scored = score(instrument, values(instrument, chosen))
    for part in scored.subscales:
        if part.id == link_id:
            return part.total
    return None if scored.total is None else int(scored.total)


def evaluated(
    form: Json, expression: str, sets: list[Picked], responses: list[Json] | None = None
) -> list[list[Any]]:
    """What fhirpath.js makes of each."""
    told = {
        "form": form,
        "expressions": [expression],
        "sets": sets,
        "responses": responses or [],
    }
    answers: list[list[list[Any]]]
    answers = json.loads(parts.node("sums.mjs", told=json.dumps(told)))
    return answers[0]


def _expressions(form: Json) -> Iterator[tuple[str, str, str]]:
    for item in form["item"]:
        for extension in item.get("extension", []):
            if extension["url"] in (CALCULATED, SHOWN_WHEN):
                said = extension["valueExpression"]["expression"]
                yield item["linkId"], extension["url"], said


def _expected(instrument: Instrument, link_id: str, url: str) -> Expected:
    def summed(chosen: Picked) -> list[Any]:
        found = total(instrument, link_id, chosen)
        return [] if found is None else [found]

    def shown(chosen: Picked) -> list[Any]:
        # A form elsewhere has no refusals: what was passed over counts as one.
        answers = {item.link_id: None for item in instrument.items}
        seen = visible_items(instrument, {**answers, **values(instrument, chosen)})
        return [link_id in {item.link_id for item in seen}]

    return summed if url == CALCULATED else shown


def _compared(what: str, found: list[Any], expected: list[Any]) -> Row:
    pairs = zip(found, expected, strict=True)
    said = [[] if one == two else [f"{one}, we: {two}"] for one, two in pairs]
    return accepting(what, JUDGE, said)


def _own(form: Json) -> Iterator[Row]:
    """The responses that we emit, whose totals we emit beside them."""
    canonical = f"{form['url']}|{form['version']}"
    found = {
        path.name.removesuffix(".response.json"): json.loads(path.read_text())
        for path in sorted(EMITTED.glob("*.response.json"))
    }
    own = {k: one for k, one in found.items() if one["questionnaire"] == canonical}
    for link_id, url, expression in _expressions(form):
        if url == CALCULATED:
            got = evaluated(form, expression, [], list(own.values()))
            what = f"{form['name']} {link_id}: responses that we emit"
            yield _compared(what, got, [_observed(name, link_id) for name in own])


def _observed(name: str, link_id: str) -> list[Any]:
    path = EMITTED / f"{name}.{link_id}.json"
    if not path.exists():
        return []
    resource = json.loads(path.read_text())
    # A prorated total is no sum of the answers that are there.
    return [] if "method" in resource else [resource["valueQuantity"]["value"]]


def _without_weights() -> Row:
    """The control: a form whose weights were taken away gives none of our totals."""
    instrument, form = next(pair for pair in forms() if pair[0].id == "phq-9")
    (expression,) = (e for _, url, e in _expressions(form) if url == CALCULATED)
    for item in form["item"]:
        for option in item.get("answerOption", []):
            option.pop("extension", None)
            option["valueCoding"].pop("extension", None)
    sets = [picked(instrument, random.Random(n), share=1) for n in range(100)]  # noqa: S311
    sets = [one for one in sets if total(instrument, "total", one)]
    found = evaluated(form, expression, sets)
    same = sum(
        got == [total(instrument, "total", one)]
        for got, one in zip(found, sets, strict=True)
    )
    what = "broken: PHQ-9 without weights: no total of ours"
    return Row(what, JUDGE, same, len(sets) - same, same == 0)
