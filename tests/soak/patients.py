"""Patients of the soak: what each of them answers, and where each of them leaves."""

import random
from collections import Counter
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TypedDict

from tests.soak.browser import Browser, Form, GaveUp, Page, Strange
from tests.soak.facts import Posted

ITEM_9 = "/44260-8"
MOST_PAGES = 60
CRISIS = {"en": "I want to kill myself", "es-US": "quiero matarme"}
# How many of a hundred patients do what about item 9.
KINDS = {
    "endorses": 30,
    "endorses and leaves": 12,
    "endorses and pauses": 6,
    "writes": 8,
    "declines": 4,
    "none": 40,
}


class Invited(TypedDict):
    """What the soak knows about one patient."""

    token: str
    screening: str
    born: str
    language: str


@dataclass
class Ledger:
    """What all the browsers were told, kept as it comes."""

    posted: list[Posted] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    offered: int = 0
    over: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def note(self, posted: Posted) -> None:
        with self._lock:
            self.posted.append(posted)

    def end(self, browser: Browser, kind: str, trouble: str) -> None:
        with self._lock:
            self.retries += browser.retries
            self.offered += browser.offered
            self.kinds[kind] += 1
            if trouble:
                self.trouble.append(trouble)


def kind_of(number: int, count: int) -> str:
    """What the patient with this number does; the shares hold for any count."""
    drawn = number * 100 / count
    for kind, share in KINDS.items():
        drawn -= share
        if drawn < 0:
            return kind
    return "none"


class Patient:
    """One patient at one screening."""

    def __init__(
        self, invited: Invited, kind: str, *, port: int, seed: int, ledger: Ledger
    ) -> None:
        self.invited = invited
        self.kind = kind
        self.ledger = ledger
        self.browser = Browser(port, f"{seed}:{invited['token']}", over=ledger.over)
        self._random = random.Random(f"{seed}:{kind}:{invited['token']}")  # noqa: S311
        self.wrote = False

    def sit(self) -> None:
        """From the link to the end, or to where this patient leaves."""
        trouble = ""
        try:
            self._answer_all(self._begin())
        except (GaveUp, Strange) as reason:
            trouble = f"screening {self.invited['screening']}: {reason}"
        self.ledger.end(self.browser, self.kind, trouble)

    def _begin(self) -> Page:
        browser = self.browser
        page = browser.submit(browser.get(f"/i/{self.invited['token']}/"))
        year, month, day = self.invited["born"].split("-")
        browser.submit(page, year=year, month=month, day=day)
        browser.submit(browser.get("/age/"), adult="yes")
        browser.submit(browser.get("/about-you/"), callback_number="202-555-0143")
        return browser.submit(browser.get("/consent/"), agree="yes")

    def _answer_all(self, page: Page) -> None:
        for _ in range(MOST_PAGES):
            if page.path == "/done/":
                return
            if page.path == "/review/":
                page = self.browser.submit(page)
                continue
            form = page.form("key")
            if form is None:  # the page that shows help leads on
                page = self.browser.get(page.onward[0])
                continue
            page = self._say(page, form)
            if self._leaves(form):
                return
        raise Strange("the questions do not end")

    def _leaves(self, form: Form) -> bool:
        at_nine = form.fields["link_id"] == ITEM_9
        if at_nine and self.kind == "endorses and pauses":
            self.browser.submit(self.browser.get("/stop/"), how="pause")
        return at_nine and self.kind in ("endorses and leaves", "endorses and pauses")

    def _say(self, page: Page, form: Form) -> Page:
        choice, words = self._choose(form), ""
        # At item 9 at the latest: by chance alone one in a hundred never wrote.
        now = self._random.random() < 0.25 or form.fields["link_id"] == ITEM_9
        if self.kind == "writes" and not self.wrote and now:
            self.wrote, choice = True, ""
            words = CRISIS[self.invited["language"]]
        fields = {**form.fields, "choice": choice, "words": words}
        path = form.action or page.path
        try:
            answer = self.browser.post(path, fields)
        except (GaveUp, Strange):
            self._note(form, choice, words, succeeded=False)
            raise
        self._note(form, choice, words, succeeded=True)
        return self.browser.follow(path, answer)

    def _note(self, form: Form, choice: str, words: str, *, succeeded: bool) -> None:
        self.ledger.note(
            Posted(
                screening=self.invited["screening"],
                key=form.fields["key"],
                link_id=form.fields["link_id"],
                choice=choice,
                words=words,
                succeeded=succeeded,
            )
        )

    def _choose(self, form: Form) -> str:
        if form.fields["link_id"] != ITEM_9:
            return self._random.choice(form.choices[:-1])
        if self.kind == "declines":
            return "declined"
        if self.kind.startswith("endorses"):
            return self._random.choice(["1", "2", "3"])
        return "0"
