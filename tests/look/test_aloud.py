"""Reading aloud: only when asked, only by voices of the device, and it can be stopped."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import axe

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.look.urls"),
    pytest.mark.usefixtures("transactional_db"),
]
# A device whose voices are these, and which notes what it is given to say.
DEVICE = """(voices) => {
  window.said = []; window.stopped = 0;
  const speech = Object.assign(new EventTarget(), {
    getVoices: () => voices,
    speak: (words) => { window.said.push([words.text, words.voice.name]);
                        window.last = words; },
    cancel: () => { window.stopped += 1; },
  });
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
}"""
LOCAL = '{name: "here", lang: "en_US", localService: true}'
REMOTE = '{name: "elsewhere", lang: "en", localService: false}'
SPANISH = '{name: "aquí", lang: "es-ES", localService: true}'


def on_device(page: Page, *voices: str) -> Page:
    page.add_init_script(f"({DEVICE})([{', '.join(voices)}])")
    page.goto("/question/1")
    return page


def test_question_is_read_by_a_voice_of_the_device_and_stopped(phone: Page) -> None:
    page = on_device(phone, REMOTE, SPANISH, LOCAL)
    button = page.locator("[data-aloud]")
    expect(button).to_have_text("Read aloud")
    axe(page)
    assert page.evaluate("said") == []
    button.click()
    assert page.evaluate("said") == [
        ["How was it?", "here"],
        ["Well", "here"],
        ["Badly", "here"],
    ]
    expect(button).to_have_text("Stop reading")
    button.click()
    assert page.evaluate("stopped") == 1
    expect(button).to_have_text("Read aloud")
    button.click()
    page.evaluate("last.onend()")
    expect(button).to_have_text("Read aloud")
    page.get_by_label("Well").check(force=True)
    button.click()
    page.get_by_text("Continue").click()
    page.wait_for_url("**/question/2")
    page.wait_for_function("() => stopped === 2")
    expect(button).to_have_text("Read aloud")
    assert len(page.evaluate("said")) == 9  # nothing of the next question


def test_without_a_voice_of_the_device_nothing_is_offered(
    open_page: Callable[..., Page],
) -> None:
    for voices in ((), (REMOTE,), (SPANISH,)):
        page = on_device(open_page(), *voices)
        expect(page.locator("[data-aloud]")).to_be_hidden()
    page = open_page(javascript=False)
    page.goto("/question/1")
    expect(page.locator("[data-aloud]")).to_be_hidden()
