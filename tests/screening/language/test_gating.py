"""A text before the gate for every question it stands beneath, and stamps that tell when."""

import json

import pytest

from screening.language import gate, gating, tables, wording
from tests.wordings import BAD, ENERGY

TEXTS = [text for one in tables.LANGUAGES for text in wording.signable(one)]
REFUSED = [["advice", "You should"]]


@pytest.fixture(autouse=True)
def _forgetful():
    yield
    gating._judged.cache_clear()
    gating._passed.cache_clear()


def again(text: str = ENERGY, *, stamped: str, said=()) -> gating.Judged:
    return gating.again(
        text, "energy", "en", explains=False, stamped=stamped, said=said
    )


def no_gate(*_):
    pytest.fail("This text was gated, although its stamp is current.")


def test_every_shipped_text_has_a_current_stamp():
    """After a change to the gate or to a text: python -m tools.gated."""
    assert gating.stale() == []


def test_stamped_shipped_text_passes_without_being_gated(monkeypatch):
    monkeypatch.setattr(gate, "check_paraphrase", no_gate)
    monkeypatch.setattr(gate, "check_explanation", no_gate)
    for text in wording.signable("es"):
        assert gating.shipped(text).passed


def test_stamp_that_is_not_current_is_in_no_way_believed(monkeypatch):
    monkeypatch.setattr(gate, "CODE", "another")
    gating._judged.cache_clear()
    refusing = gate.Verdict(passed=False, failures=(gate.Failure("advice", "x"),))
    monkeypatch.setattr(gate, "check_paraphrase", lambda *_: refusing)
    assert len(gating.stale()) == len(TEXTS)
    text = next(text for text in wording.signable("en") if text.level)
    assert not gating.shipped(text).passed


def test_stamps_are_made_of_what_passed_and_name_the_rest(monkeypatch, tmp_path):
    path = tmp_path / "gated.json"
    refusing = gate.Verdict(passed=False, failures=(gate.Failure("advice", "x"),))
    passing = gate.Verdict(passed=True, failures=())
    monkeypatch.setattr(gating, "STAMPS", path)
    monkeypatch.setattr(gate, "check_paraphrase", lambda *_: refusing)
    monkeypatch.setattr(gate, "check_explanation", lambda *_: passing)
    failed = gating.write_stamps()
    kept = json.loads(path.read_text(encoding="utf-8"))["passed"]
    assert len(failed) == sum(text.level is not None for text in TEXTS)
    assert set(kept) == {text.key for text in TEXTS if text.level is None}
    assert gating.stale() == sorted(failed)


def test_stored_text_is_believed_while_its_stamp_is_current(monkeypatch):
    stamp = gating.paraphrase(ENERGY, "energy", "en").stamp
    monkeypatch.setattr(gate, "check_paraphrase", no_gate)
    assert again(stamped=stamp).passed
    refused = again(stamped=stamp, said=REFUSED)
    assert (refused.passed, refused.verdicts) == (False, (("advice", "You should"),))


@pytest.mark.parametrize("text", [ENERGY.replace("past", "last"), BAD])
def test_one_changed_character_is_gated_again(text):
    stamp = gating.paraphrase(ENERGY, "energy", "en").stamp
    found = again(text, stamped=stamp)
    assert found.stamp != stamp
    assert found.passed is (text != BAD)


def test_paraphrase_and_explanation_never_share_a_stamp():
    stamps = {
        check(ENERGY, "energy", "en").stamp
        for check in (gating.paraphrase, gating.explanation)
    }
    assert len(stamps) == 2


def test_concept_without_a_question_passes_nothing():
    judged = gating.paraphrase(ENERGY, "weather", "en")
    assert (judged.passed, judged.verdicts[0][0]) == (False, "never_worded")
