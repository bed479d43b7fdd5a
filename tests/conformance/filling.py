"""How a form is filled in where others show it, and what is wrong with what comes out."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from playwright.sync_api import Page, sync_playwright

from records.fhir.questionnaire import CALCULATED
from screening.domain.questionnaire import Instrument
from screening.domain.scoring import visible_items
from tests.conformance import parts
from tests.conformance.sums import Json, Picked, forms, picked, total, values
from tests.conformance.table import Row, accepting
from tests.support.browser import FLAGS
from tools import chromium

Wrong = tuple[list[str], list[str]]  # with the totals, and with the response


class Shown(Protocol):
    """A renderer with a form in it."""

    page: Page
    errors: list[str]

    def show(self, form: Json, response: Json | None = None) -> None: ...
    def pick(self, link_id: str, number: int) -> None: ...
    def shown(self, link_id: str) -> list[float]: ...
    def exported(self) -> Json: ...


@contextmanager
def browser() -> Iterator[Page]:
    """An empty page of the Chromium of make browser."""
    path = chromium.find()
    if path is None:
        raise parts.PartMissing(chromium.ADVICE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            page = launched.new_page()
            page.set_default_timeout(20_000)
            yield page
        finally:
            launched.close()


def sets(instrument: Instrument) -> list[Picked]:
    """The least, the most, three at random, and last one with a gap."""
    chance = random.Random(instrument.id)  # noqa: S311
    some = [picked(instrument, chance, share=1) for _ in range(3)]
    least = {item.link_id: 0 for item in instrument.items}
    most = {item.link_id: len(item.options) - 1 for item in instrument.items}
    gap = {**most}
    del gap[instrument.items[0].link_id]
    return [least, most, *some, gap]


def both(form: Json, judge: str, said: list[Wrong]) -> Iterator[Row]:
    """A row for the totals, and one for the responses."""
    what = f"{form['name']} filled in by hand"
    yield accepting(f"{what}: totals", judge, [one[0] for one in said])
    yield accepting(f"{what}: response", judge, [one[1] for one in said])


def filled(shown: Shown, instrument: Instrument, form: Json, chosen: Picked) -> Wrong:
    """What is wrong with the totals, and with the response that it makes."""
    shown.show(form)
    answers: dict[str, int | None] = {item.link_id: None for item in instrument.items}
    asked = visible_items(instrument, {**answers, **values(instrument, chosen)})
    given = {i.link_id: chosen[i.link_id] for i in asked if i.link_id in chosen}
    for link_id, number in given.items():
        shown.pick(link_id, number)
    shown.page.wait_for_timeout(300)
    wrong = []
    for link_id in totals(form):
        ours = total(instrument, link_id, given)
        expected = [] if ours is None else [ours]
        if shown.shown(link_id) != expected:
            wrong.append(f"{link_id}: {shown.shown(link_id)}, we: {expected}")
    wrong += [f"page: {one}" for one in shown.errors]
    return wrong, _response(shown.exported(), form, given)


def _response(made: Json, form: Json, given: Picked) -> list[str]:
    """It names the form with its version, and holds just these answers."""
    wrong = []
    if made.get("questionnaire") != f"{form['url']}|{form['version']}":
        wrong.append(f"questionnaire: {made.get('questionnaire')}")
    options = {i["linkId"]: i.get("answerOption", []) for i in form["item"]}
    answers = {
        item["linkId"]: item["answer"][0]["valueCoding"]["code"]
        for item in made["item"]
        if "valueCoding" in item.get("answer", [{}])[0]
    }
    expected = {
        link_id: options[link_id][number]["valueCoding"]["code"]
        for link_id, number in given.items()
    }
    if answers != expected:
        wrong.append(f"answers: {answers}, picked: {expected}")
    return wrong


def totals(form: Json) -> list[str]:
    """The link ids of what a form adds up by itself."""
    return [
        item["linkId"]
        for item in form["item"]
        if any(one["url"] == CALCULATED for one in item.get("extension", []))
    ]


def without_weights(shown: Shown, judge: str) -> Row:
    """The control: a form whose weights were taken away gives no total of ours."""
    instrument, form = next(pair for pair in forms() if pair[0].id == "gad-7")
    for item in form["item"]:
        for option in item.get("answerOption", []):
            option.pop("extension", None)
            option["valueCoding"].pop("extension", None)
    most = {item.link_id: len(item.options) - 1 for item in instrument.items}
    wrong, _ = filled(shown, instrument, form, most)
    what = "broken: GAD-7 without weights: no total of ours"
    return Row(what, judge, int(not wrong), int(bool(wrong)), bool(wrong))
