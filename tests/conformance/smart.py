"""Smart Forms in a real browser, as a second renderer: our forms filled in by clicks."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

from tests.conformance import parts
from tests.conformance.filling import both, browser, filled, sets, without_weights
from tests.conformance.sums import Json, forms
from tests.conformance.table import Row, accepting

JUDGE = "Smart Forms"
BUNDLER = parts.PLACE / "node_modules/esbuild/bin/esbuild"
BUNDLE = parts.PLACE / "smart.js"
SITE = "http://forms.invalid"
BLANK = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Form</title>'
    '<div id="form"></div><script src="/smart.js"></script>'
)


class SmartForms:
    """One page that shows a form; `outside` is what it asked of anybody else."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.outside: list[str] = []
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route("**/*", self._serve)

    def show(self, form: Json, response: Json | None = None) -> None:
        if self.page.url != f"{SITE}/form.html":
            self.page.goto(f"{SITE}/form.html")
        self.page.evaluate("both => show(...both)", [form, response])
        self.input("choice", form["item"][1]["linkId"]).wait_for()

    def input(self, kind: str, link_id: str) -> Any:
        return self.page.locator(f'[id="{kind}-{link_id}"]')

    def pick(self, link_id: str, number: int) -> None:
        self.input("choice", link_id).click()
        self.page.get_by_role("option").nth(number).click()

    def shown(self, link_id: str) -> list[float]:
        """The number that stands in a field, if the field is there and not empty."""
        field = self.input("decimal", link_id)
        text = field.input_value() if field.count() else ""
        return [float(text)] if text else []

    def exported(self) -> Json:
        made: Json = self.page.evaluate("exported()")
        return made

    def _serve(self, route: Route) -> None:
        address = route.request.url
        if address == f"{SITE}/form.html":
            route.fulfill(body=BLANK, content_type="text/html")
        elif address == f"{SITE}/smart.js":
            route.fulfill(body=BUNDLE.read_bytes(), content_type="text/javascript")
        else:
            self.outside.append(address)
            route.abort()


def rows() -> Iterator[Row]:
    """Every instrument filled in by hand three times; it is slow to draw."""
    _bundle()
    with browser() as page:
        shown = SmartForms(page)
        for instrument, form in forms():
            _, most, some, *_, gap = sets(instrument)
            three = (most, some, gap)
            said = [filled(shown, instrument, form, each) for each in three]
            yield from both(form, JUDGE, said)
        yield without_weights(shown, JUDGE)
        told = [[one] for one in shown.outside] or [[]]
        yield accepting("requests to anybody else", JUDGE, told)


def _bundle() -> Path:
    """One file of the renderer and all that it stands on; fonts and styles inside."""
    how = [
        "--bundle",
        "--minify",
        "--format=iife",
        "--log-level=error",
        "--loader:.css=empty",
    ]
    names = ['--define:process.env.NODE_ENV="production"', "--define:global=window"]
    done = subprocess.run(
        [
            str(parts.node_program()),
            str(BUNDLER),
            "smart.mjs",
            *how,
            *names,
            f"--outfile={BUNDLE}",
        ],
        cwd=parts.PLACE,
        capture_output=True,
        text=True,
        timeout=parts.PATIENCE,
    )
    if done.returncode:
        raise parts.PartMissing(f"Smart Forms was not bundled:\n{done.stderr[-2000:]}")
    return BUNDLE
