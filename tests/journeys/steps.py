"""What a patient and a clinician do, step by step, with an accessibility check on
every page that they meet."""

import re
import time
from dataclasses import dataclass, field

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from playwright.sync_api import Locator, Page

from core.models import User
from tests.support.browser import PHONE, WIDE, at_sizes, axe, picture

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30
OVER = "document.documentElement.scrollWidth - innerWidth"
ENGLISH = {
    "open": "Open my check-in",
    "continue": "Continue",
    "start": "Start",
    "first": "Go to the first question",
    "on": "Go on with the questions",
    "submit": "Submit my answers to the clinic",
}
SPANISH = {
    "open": "Abrir mi cuestionario",
    "continue": "Continuar",
    "start": "Empezar",
    "first": "Ir a la primera pregunta",
    "on": "Seguir con las preguntas",
    "submit": "Enviar mis respuestas a la clínica",
}


@dataclass
class Visitor:
    """Somebody at a page. Every page met is checked and can be pictured."""

    page: Page
    name: str
    met: list[str] = field(default_factory=list)

    def check(self, what: str) -> None:
        """Check the page as it stands now."""
        self.met.append(what)
        axe(self.page)
        picture(self.page, f"{self.name}-{len(self.met):02}-{what}")

    def check_whole(self, what: str) -> None:
        """Check it on a wide screen and on a phone, where nothing hangs over."""
        for size in at_sizes(self.page, WIDE, PHONE):
            self.check(f"{what}-{size['width']}")
            over = self.page.evaluate(OVER)
            assert over <= 0, f"{self.page.url} is {over} px too wide"

    def press(self, words: str) -> None:
        """Press a button or follow a link by its words."""
        main = self.page.locator("main")
        either = main.get_by_role("button", name=words, exact=True).or_(
            main.get_by_role("link", name=words, exact=True)
        )
        either.first.click()

    def tick(self, target: Locator) -> None:
        """Choose an option or tick a box."""
        target.check()

    def heading(self) -> str:
        return self.page.locator("h1").inner_text()


@dataclass
class Patient(Visitor):
    """A patient on the way through a check-in."""

    words: dict[str, str] = field(default_factory=lambda: ENGLISH)

    def open(self, token: str, *, month: str, day: str, year: str) -> None:
        """Open the link and take the second check."""
        self.page.goto(f"/i/{token}/")
        self.check("link")
        self.press(self.words["open"])
        self.page.wait_for_url("**/check/")
        self.check("second-check")
        for box, value in (("month", month), ("day", day), ("year", year)):
            self.page.fill(f"#{box}", value)
        self.press(self.words["continue"])
        self.page.wait_for_url("**/start/")

    def begin(self, *, ai_help: bool = False) -> None:
        """From the start page to the first question."""
        self.check("start")
        self.press(self.words["start"])
        self.page.wait_for_url("**/age/")
        self.check("age")
        self.tick(self.page.locator("#adult-yes"))
        self.press(self.words["continue"])
        self.page.wait_for_url("**/about-you/")
        self.check("about")
        self.page.fill("#callback_number", "202-555-0143")
        self.press(self.words["continue"])
        self.page.wait_for_url("**/consent/")
        self.check("consent")
        if ai_help:
            self.tick(self.page.locator("#ai-yes"))
        self.tick(self.page.locator("#agree"))
        self.press(self.words["first"])
        self.page.wait_for_url("**/question/1/1/")

    def choose(self, number: int) -> None:
        """Choose the option at this place (1 is the first) and continue."""
        here = self.page.url
        self.tick(self.page.locator(f"#choice-{number}"))
        assert self.page.url == here, "choosing must not leave the page"
        before = self.page.locator("input[name=key]").first.get_attribute("value")
        self.press(self.words["continue"])
        self.page.wait_for_function(SETTLED, arg=before)

    def choose_until(self, path: str, number: int = 1) -> None:
        """Choose the same option until this page is reached."""
        while not re.search(path, self.page.url):
            self.choose(number)


# Another question is shown, and the swap that brought it has ended: its last step
# sets the page's clocks anew, so a test that moves time must not come before it.
SETTLED = """before => document.querySelector('input[name=key]')?.value !== before
    && !document.querySelector('.htmx-request, .htmx-settling')"""
MOST_TABS = 300
SAME_GROUP = """(one, other) => one === other || (one.type === "radio"
    && one.name === other.name && one.form === other.form)"""


@dataclass
class Staff(Visitor):
    """A member of staff whose hands stay on the keyboard: what no key reaches cannot
    be pressed, ticked or chosen."""

    def check_whole(self, what: str) -> None:
        """Check it on a wide screen and on a phone, where nothing hangs over."""
        for size in at_sizes(self.page, WIDE, PHONE):
            self.check(f"{what}-{size['width']}")
            over = self.page.evaluate(OVER)
            assert over <= 0, f"{self.page.url} is {over} px too wide"

    def press(self, words: str) -> None:
        """Press a button or follow a link by its words."""
        main = self.page.locator("main")
        either = main.get_by_role("button", name=words, exact=True).or_(
            main.get_by_role("link", name=words, exact=True)
        )
        self.key(either.first)

    def key(self, target: Locator, key: str = "Enter") -> None:
        """Tab to something, and press a key on it."""
        target.wait_for()
        for _ in range(MOST_TABS):
            if target.evaluate("one => one === document.activeElement"):
                return target.press(key)  # waits for the page it leads to
            self.page.keyboard.press("Tab")
        raise AssertionError(f"No key leads to {target}.")

    def tick(self, target: Locator) -> None:
        """Tab to a box, or to a group of choices and on by the arrows; choose it."""
        target.wait_for()
        for _ in range(MOST_TABS):
            if target.evaluate("one => one === document.activeElement"):
                break
            near = target.evaluate(
                f"one => ({SAME_GROUP})(one, document.activeElement)"
            )
            self.page.keyboard.press("ArrowDown" if near else "Tab")
        if not target.is_checked():
            self.page.keyboard.press("Space")
        assert target.is_checked(), f"No key chooses {target}."

    def sign_in(self, user: User, password: str) -> None:
        """Sign in with a password and a one-time code."""
        self.page.goto("/staff/")
        self.check("sign-in")
        self.page.fill("input[name=login]", user.email)
        self.page.fill("input[name=password]", password)
        self.press("Sign in")
        self.page.wait_for_selector("input[name=code]")
        self.check("second-factor")
        self.page.fill("input[name=code]", code_now())
        self.press("Sign in")
        self.page.wait_for_url("**/staff/")


def give_second_factor(user: User) -> None:
    """Give a synthetic member of staff an authenticator whose seed we know."""
    TOTP.activate(user, SEED)


def code_now() -> str:
    """Return the code that an authenticator app would show now."""
    return str(format_hotp_value(hotp_value(SEED, int(time.time()) // PERIOD)))
