"""Crisis lines: what nobody verified is not shown."""

import pytest

from screening.definitions import crisis_lines
from screening.definitions.lines import unverified

US = [
    ("US:988:call", "tel:988"),
    ("US:988:text", "sms:988"),
    ("US:988:chat", "https://988lifeline.org"),
    ("US:crisis-text-line:text", "sms:741741?body=HOME"),
]


def keys(lines):
    return [contact.key for line in lines.lines for contact in line.contacts]


def test_lines_of_the_us():
    us = crisis_lines("US")
    assert us.emergency == "911"
    assert keys(us) == [key for key, _ in US]
    links = [contact.href for line in us.lines for contact in line.contacts]
    assert links == [href for _, href in US]


def test_line_gives_its_first_contact_of_a_kind():
    lifeline, text_line = crisis_lines("US").lines
    assert lifeline.call.value == lifeline.text.value == "988"
    assert lifeline.chat.value == "988lifeline.org"
    assert text_line.call is None
    assert (text_line.text.keyword, text_line.text.value) == ("HOME", "741741")


def test_spaces_are_left_out_of_a_link():
    (line,) = crisis_lines("AU").lines
    assert line.call.href == "tel:131114"


@pytest.mark.parametrize(
    ("country", "shown", "hidden"),
    [
        ("GB", ["GB:samaritans:call", "GB:nhs-111:call"], ["GB:shout:text"]),
        ("IE", ["IE:samaritans:call"], ["IE:text-about-it:text"]),
        ("AU", ["AU:lifeline:call"], ["AU:lifeline:text"]),
        ("IN", ["IN:tele-manas:call", "IN:tele-manas:call-2"], []),
        ("EU", [], []),
    ],
)
def test_unverified_contacts_are_hidden(country, shown, hidden):
    assert keys(crisis_lines(country)) == shown
    assert [contact.key for _, contact in unverified(country)] == hidden


def test_a_line_without_a_verified_contact_is_hidden_whole():
    germany = crisis_lines("DE")
    assert germany.lines == ()
    assert germany.emergency == "112"
    assert len(unverified("DE")) == 3


def test_a_clinic_may_verify_a_contact():
    assert "GB:shout:text" in keys(crisis_lines("GB", ["GB:shout:text"]))
    germany = crisis_lines("DE", ["DE:telefonseelsorge:call"])
    assert keys(germany) == ["DE:telefonseelsorge:call"]


def test_a_clinic_cannot_verify_what_is_not_there():
    assert keys(crisis_lines("US", ["US:other:call"])) == [key for key, _ in US]


def test_emergency_numbers_one_by_one():
    assert crisis_lines("IE").emergency_numbers == ("112", "999")
    assert crisis_lines("US").emergency_numbers == ("911",)


def test_unknown_country_has_no_lines():
    nowhere = crisis_lines("XX")
    assert (nowhere.emergency, nowhere.lines) == (None, ())
    assert nowhere.emergency_numbers == ()
    assert unverified("XX") == ()


def test_country_names_its_source():
    us = crisis_lines("US")
    assert us.as_of == "2026-11"
    assert us.source
    assert (us.lines[0].since, us.lines[1].notes) == ("2022-07-16", None)


def test_a_menu_is_there_in_every_language_and_only_where_one_can_call():
    lifeline, text_line = crisis_lines("US").lines
    assert lifeline.call_menu is not None
    assert set(lifeline.call_menu) == {"en", "es-US"}
    assert text_line.call_menu is None


@pytest.mark.parametrize("country", ["US", "GB", "IE", "ES"])
def test_no_contact_says_words_in_one_language_only(country):
    every = [contact.key for _, contact in unverified(country)]
    lines = crisis_lines(country, every).lines
    for contact in (each for line in lines for each in line.contacts):
        assert contact.kind == "chat" or " to " not in contact.value
