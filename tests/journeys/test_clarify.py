"""A patient asks about a question, in a real browser: explained, offered, refused."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from core.models import Clinic
from screening import definitions
from screening.domain.instruments import Item
from screening.language import explanations
from screening.models import Answer
from tests.journeys.steps import ENGLISH, SPANISH, Patient
from tests.support.browser import DESK, PHONE, Look

pytestmark = [pytest.mark.browser, pytest.mark.allow_hosts(["127.0.0.1", "localhost"])]
ENERGY = 4
OWN_WORDS = {"en": "in your own words", "es-US": "con sus propias palabras"}
LOOKS: list[tuple[str, Look]] = [
    ("en", {"size": PHONE}),
    ("es-US", {"size": DESK}),
    ("en", {"size": DESK, "javascript": False}),
]
ASKED = {
    "en": (
        "my pills make me tired, does it count?",
        "even if I was on a trip with my kids?",
        "should I stop my pills?",
    ),
    "es-US": (
        "¿cuenta si es por la gripe?",
        "¿también en vacaciones?",
        "¿dejo de tomar mis pastillas?",
    ),
}
NONE = {"en": "None of these", "es-US": "Ninguna de estas"}


@dataclass
class Asker(Patient):
    """A patient on the question about energy, who asks."""

    language: str = "en"
    scripted: bool = True

    def check(self, what: str) -> None:
        # What checks a page is itself a script.
        if self.scripted:
            super().check(what)

    @property
    def item(self) -> Item:
        return definitions.get("phq-9", self.language).items[ENERGY - 1]

    def official(self) -> None:
        """The question is the first to be read, and its answers can be tapped."""
        main = self.page.locator("main")
        legend = main.get_by_text(self.item.text, exact=True).first
        expect(legend).to_be_visible()
        for option in self.item.options:
            expect(main.get_by_label(option.text, exact=True)).to_be_visible()

    def narrow(self) -> None:
        if not self.scripted:
            return
        wide = "document.documentElement.scrollWidth > window.innerWidth"
        assert not self.page.evaluate(wide)

    def see(self, what: str, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)
        self.official()
        self.narrow()
        self.check(what)

    def ask(self, words: str) -> None:
        box = self.page.locator("textarea[name=words]")
        if not box.is_visible():
            self.page.get_by_text(OWN_WORDS[self.language]).first.click()
        box.fill(words)
        with self.page.expect_navigation():
            self.press(self.words["continue"])


@pytest.mark.parametrize(
    ("language", "look"), LOOKS, ids=["phone", "spanish", "no-script"]
)
def test_a_patient_asks_about_a_question(
    open_page: Callable[..., Page],
    invited: Callable[..., str],
    clinic: Clinic,
    language: str,
    look: Look,
) -> None:
    clinic.wording_policy = "gated"
    clinic.save()
    words = ENGLISH if language == "en" else SPANISH
    page = open_page(language=language, **look)
    asker = Asker(
        page,
        f"clarify-{language}",
        words=words,
        language=language,
        scripted=look.get("javascript", True),
    )
    asker.open(invited(language), month="1", day="15", year="1990")
    asker.begin()
    page.goto(f"/question/1/{ENERGY}/")
    texts = explanations.of_item(asker.item, definitions.get("phq-9", language))
    sure, unsure, refused = ASKED[language]
    asker.ask(sure)
    asker.see("sure", texts["cause"].text)
    asker.ask(unsure)
    asker.see("unsure", NONE[language])
    with page.expect_navigation():
        asker.press(NONE[language])
    asker.see("none-of-these", explanations.note("unmatched", language).text)
    asker.ask(refused)
    asker.see("refused", explanations.note("medication", language).text)
    assert not Answer.objects.exists()
