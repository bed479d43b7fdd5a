"""The other languages of a form: every word that a person reads has its translation."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from records.fhir.response import TRANSLATION
from screening import definitions
from screening.domain.questionnaire import Instrument
from tests.conformance.filling import browser, filled
from tests.conformance.rendering import CHOICES, JUDGE, Forms
from tests.conformance.structure import EMITTED
from tests.conformance.sums import Json
from tests.conformance.table import Row, accepting


def rows() -> Iterator[Row]:
    """Each form with its translations in place: the words are ours, and so is the total."""
    with browser() as page:
        shown = Forms(page)
        for name, language in sorted(definitions.load_all()):
            if language != "en":
                instrument = definitions.get(name, language)
                path = EMITTED / f"form.{name}-{instrument.version}.json"
                form = in_language(json.loads(path.read_text()), language)
                yield _read(shown, instrument, form, language)
        yield _without_one(shown)


def in_language(form: Json, language: str) -> Json:
    """What a program does that knows FHIR's extension for translations."""
    made = copy.deepcopy(form)
    _translate(made, language)
    return made


def _translate(value: Any, language: str) -> None:
    if isinstance(value, list):
        for one in value:
            _translate(one, language)
    if isinstance(value, dict):
        for name in [name for name in value if name.startswith("_")]:
            words = _words(value[name], language)
            if words:
                value[name[1:]] = words
        for one in value.values():
            _translate(one, language)


def _words(beside: Json, language: str) -> str:
    for extension in beside.get("extension", []):
        told = {one["url"]: one for one in extension.get("extension", [])}
        if extension["url"] == TRANSLATION and told["lang"]["valueCode"] == language:
            words: str = told["content"]["valueString"]
            return words
    return ""


def _read(shown: Forms, instrument: Instrument, form: Json, language: str) -> Row:
    most = {item.link_id: len(item.options) - 1 for item in instrument.items}
    totals, response = filled(shown, instrument, form, most)
    text = " ".join(shown.page.locator("#form").inner_text().split())
    wrong = [item.text for item in instrument.items if item.text not in text]
    said = [[f"not shown: {one}"] for one in wrong] + [totals, response]
    said += [_choices(shown, item.link_id, item.options) for item in instrument.items]
    what = f"{form['name']} in {language}: words and totals"
    return accepting(what, JUDGE, said)


def _choices(shown: Forms, link_id: str, options: Any) -> list[str]:
    """The list of answers, opened, holds the official words of this language."""
    shown.input(link_id).click()
    read = [one.inner_text() for one in shown.page.locator(CHOICES).all()]
    ours = [option.text for option in options]
    good = len(read) == len(ours) and all(
        one in other for one, other in zip(ours, read, strict=True)
    )
    shown.page.keyboard.press("Escape")
    return [] if good else [f"{link_id}: {read}, we: {ours}"]


def _without_one(shown: Forms) -> Row:
    """The control: a question whose translation was taken away is missed."""
    instrument = definitions.get("gad-7", "es-US")
    path = EMITTED / f"form.gad-7-{instrument.version}.json"
    form = json.loads(path.read_text())
    del form["item"][1]["_text"]
    row = _read(shown, instrument, in_language(form, "es-US"), "es-US")
    what = "broken: GAD-7 with one question not translated"
    return Row(what, JUDGE, row.accepted, row.rejected, good=row.rejected == 1)
