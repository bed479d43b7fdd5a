"""LHC-Forms in a real browser: our form filled in there, and our responses shown."""

import json
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

from screening.domain.questionnaire import Instrument
from tests.conformance import parts
from tests.conformance.filling import (
    both,
    browser,
    filled,
    sets,
    totals,
    without_weights,
)
from tests.conformance.structure import EMITTED
from tests.conformance.sums import Json, forms
from tests.conformance.table import Row, accepting

JUDGE = "LHC-Forms"
FILLED = parts.PLACE / "filled"
FILES = parts.PLACE / "node_modules" / "lforms" / "dist" / "lforms"
# Nothing is asked of this address: its files are read from the disk.
SITE = "http://forms.invalid"
SCRIPTS = (
    "webcomponent/assets/lib/zone.min.js",
    "webcomponent/runtime.js",
    "webcomponent/polyfills.js",
    "webcomponent/main.js",
    "fhir/R4/lformsFHIR.min.js",
)
BLANK = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Form</title>'
    '<link rel="stylesheet" href="/webcomponent/styles.css"><div id="form"></div>'
    + "".join(f'<script src="/{one}"></script>' for one in SCRIPTS)
)
SHOW = """async ([form, response]) => {
  let made = LForms.Util.convertFHIRQuestionnaireToLForms(form, "R4");
  if (response)
    made = LForms.Util.mergeFHIRDataIntoLForms(response, made, "R4");
  await LForms.Util.addFormToPage(made, "form", {fhirVersion: "R4"});
}"""
EXPORT = "LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4')"
CHOICES = "#lhc-tools-searchResults li"


class Forms:
    """One page that shows a form; `outside` is what it asked of anybody else."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.outside: list[str] = []
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route("**/*", self._serve)

    def show(self, form: Json, response: Json | None = None) -> None:
        self.page.goto(f"{SITE}/form.html")
        self.page.evaluate(SHOW, [form, response])
        self.input(form["item"][1]["linkId"]).wait_for()

    def input(self, link_id: str) -> Any:
        return self.page.locator(f'[id="{link_id}/1"]')

    def pick(self, link_id: str, number: int) -> None:
        """Open the list of answers and take one, as a hand would."""
        self.input(link_id).click()
        self.page.locator(CHOICES).nth(number).click()

    def shown(self, link_id: str) -> list[float]:
        """The number that stands in a field, if the field is there and not empty."""
        field = self.input(link_id)
        text = field.input_value() if field.count() else ""
        return [float(text)] if text else []

    def exported(self) -> Json:
        made: Json = self.page.evaluate(EXPORT)
        return made

    def _serve(self, route: Route) -> None:
        address = route.request.url
        path = FILES / address.removeprefix(f"{SITE}/").partition("?")[0]
        if address == f"{SITE}/form.html":
            route.fulfill(body=BLANK, content_type="text/html")
        elif address.startswith(f"{SITE}/") and path.is_file():
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            route.fulfill(body=path.read_bytes(), content_type=kind)
        else:
            self.outside.append(address)
            route.abort()


def rows() -> Iterator[Row]:
    """Every instrument filled in by hand; every response of ours shown again."""
    with browser() as page:
        shown = Forms(page)
        for instrument, form in forms():
            yield from _filled(shown, instrument, form)
            yield _loaded(shown, form)
        yield without_weights(shown, JUDGE)
        yield _strange(shown)
        told = [[one] for one in shown.outside] or [[]]
        yield accepting("requests to anybody else", JUDGE, told)


def _filled(shown: Forms, instrument: Instrument, form: Json) -> Iterator[Row]:
    *complete, gap = sets(instrument)
    said = [filled(shown, instrument, form, each) for each in complete]
    _keep(form, shown.exported())
    said.append(filled(shown, instrument, form, gap))
    yield from both(form, JUDGE, said)


def _keep(form: Json, response: Json) -> None:
    """For the server to take in: a complete response that another renderer made."""
    FILLED.mkdir(exist_ok=True)
    (FILLED / f"{form['name']}.json").write_text(json.dumps(response))


def _loaded(shown: Forms, form: Json) -> Row:
    """Responses that we emit: each answer is there, and the total is ours."""
    said = []
    for path in sorted(EMITTED.glob("*.response.json")):
        response = json.loads(path.read_text())
        if response["questionnaire"] == f"{form['url']}|{form['version']}":
            shown.show(form, response)
            shown.page.wait_for_timeout(200)
            said.append(_same(shown, form, response, path))
    return accepting(f"{form['name']}: responses that we emit, shown", JUDGE, said)


def _same(shown: Forms, form: Json, response: Json, path: Path) -> list[str]:
    wrong = []
    answered = {i["linkId"] for i in response["item"] if "answer" in i}
    for link_id in answered:
        if not shown.input(link_id).input_value():
            wrong.append(f"{path.stem} {link_id}: no answer is shown")
    name = path.name.removesuffix(".response.json")
    for link_id in totals(form):
        observed = EMITTED / f"{name}.{link_id}.json"
        ours = json.loads(observed.read_text()) if observed.exists() else {}
        # A prorated total is no sum of the answers that are there.
        summed = ours and "method" not in ours
        expected = [ours["valueQuantity"]["value"]] if summed else []
        if shown.shown(link_id) != expected:
            wrong.append(f"{path.stem} {link_id}: {shown.shown(link_id)}, {expected}")
    return wrong


def _strange(shown: Forms) -> Row:
    """A response to another form, under our form's name."""
    _, form = next(pair for pair in forms() if pair[0].id == "gad-7")
    text = (EMITTED / "gad-7.en.response.json").read_text()
    response = json.loads(text)
    response["item"][0]["linkId"] = "/1-1"
    shown.page.goto(f"{SITE}/form.html")
    refused = ""
    try:
        shown.page.evaluate(SHOW, [form, response])
    except Exception as error:  # noqa: BLE001
        refused = str(error)
    what = "broken: response with a linkId that the form has not"
    return Row(what, JUDGE, int(not refused), int(bool(refused)), bool(refused))
