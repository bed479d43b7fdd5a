"""Many wordings as people and models write them: what is kept and what is caught.

The texts are the project's own and were mended against, so they hold what was won;
how well the gate does on texts that it has not seen is for the held-out sets.
"""

import pytest

from screening.language import gate
from tests.screening.language.cast import cases, item_of

pytestmark = pytest.mark.thorough

CHECKS = {"paraphrase": gate.check_paraphrase, "explanation": gate.check_explanation}
WORDINGS = cases("gate_wordings")
BAD = [case for case in WORDINGS if not case["passed"]]


def verdict_on(case):
    item, instrument = item_of(
        case["concept"], "es-US" if case["lang"] == "es" else "en"
    )
    return CHECKS[case["kind"]](case["text"], item, instrument)


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["text"][-60:])
def test_bad_wording_is_caught_and_the_words_are_named(case):
    verdict = verdict_on(case)
    assert not verdict.passed
    assert all(failure.span for failure in verdict.failures)


@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_good_wordings_are_kept(kind, lang):
    good = [
        case
        for case in WORDINGS
        if case["passed"] and (case["kind"], case["lang"]) == (kind, lang)
    ]
    kept = [case for case in good if verdict_on(case).passed]
    assert len(good) >= 36
    assert len(kept) >= 0.94 * len(good)


def test_every_concept_has_wordings_of_both_kinds_in_both_languages():
    found = {(case["lang"], case["concept"]) for case in WORDINGS}
    assert len(found) == 2 * 16
