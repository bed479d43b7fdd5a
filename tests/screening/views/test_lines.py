"""Crisis lines on a patient's page: in one language, and what to press by the call."""

import html

import pytest
from django.test import Client


def shown(client: Client, language: str) -> str:
    page = client.get("/help/", headers={"accept-language": language})
    return html.unescape(page.content.decode())


def test_spanish_page_has_no_english_instruction(client: Client) -> None:
    page = shown(client, "es")
    assert "Envíe la palabra HOME al 741741" in page
    assert "oprima 1 para veteranos, 2 para español" in page
    for english in ("HOME to", "press 1", "veterans,"):
        assert english not in page


@pytest.mark.parametrize(
    ("language", "menu"), [("en", "press 1 for veterans"), ("es", "oprima 1")]
)
def test_what_to_press_stands_between_the_call_and_the_text(
    client: Client, language: str, menu: str
) -> None:
    page = shown(client, language)
    assert page.index('href="tel:988"') < page.index(menu) < page.index('"sms:988"')


def test_english_page_says_which_word_to_send(client: Client) -> None:
    page = shown(client, "en")
    assert "Text the word HOME to 741741" in page
    assert 'href="sms:741741?body=HOME"' in page
    assert "Text 988" in page


@pytest.mark.parametrize(
    ("language", "label"),
    [("en", "Chat at 988lifeline.org"), ("es", "Chatear en 988lifeline.org")],
)
def test_every_verified_way_is_offered_the_chat_too(
    client: Client, language: str, label: str
) -> None:
    page = shown(client, language)
    assert label in page
    assert 'href="https://988lifeline.org"' in page


def test_british_menu_is_in_the_readers_language(client: Client, settings) -> None:
    settings.HELP_COUNTRY = "GB"
    assert "elija la opción 2 (salud mental)" in shown(client, "es")
    assert "select option 2 (mental health)" in shown(client, "en")
