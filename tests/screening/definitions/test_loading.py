"""Finding definitions and page texts."""

import pytest

from screening import definitions
from screening.definitions.loading import load_all
from screening.domain.flags import Tier


def test_get_finds_an_instrument():
    assert definitions.get("gad-7", "es-US").language == "es-US"


@pytest.mark.parametrize(
    ("instrument_id", "language", "sentence"),
    [
        ("asq", "es-US", "The asq exists here in en, not in es-US."),
        (
            "phq-3",
            "en",
            (
                "There is no instrument 'phq-3'; there are "
                "asq, gad-2, gad-7, phq-2, phq-4, phq-8, phq-9."
            ),
        ),
    ],
)
def test_get_says_what_there_is(instrument_id, language, sentence):
    with pytest.raises(definitions.DefinitionMissing) as caught:
        definitions.get(instrument_id, language)
    assert isinstance(caught.value, KeyError)
    assert str(caught.value) == sentence


def test_a_file_removed_while_in_use_changes_nothing(tree):
    before = load_all(tree.root)
    tree.path("instruments/phq-2/en.json").unlink()
    assert load_all(tree.root) == before


def test_rules_and_due_times_are_loaded():
    assert definitions.flag_rules()[0].id == "item-9"
    assert definitions.due_policy().tiers[Tier.URGENT].minutes == 240


def test_exit_leads_to_an_https_page():
    assert definitions.exit_target().startswith("https://")


def test_pages_are_texts_and_lists(tree, page_file):
    tree.write("pages/en.json", page_file())
    pages = definitions.pages("en", tree.root)
    assert pages == {"start": {"title": "Start", "points": ("One", "Two")}}


def test_pages_in_an_unknown_language(tree):
    with pytest.raises(definitions.DefinitionMissing, match="no page texts in fr"):
        definitions.pages("fr", tree.root)
