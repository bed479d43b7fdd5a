"""The faults that `python -m tools.faults` plants can still be planted."""

from pathlib import Path

import pytest

from tools import faults

NAMED = 17  # as many as the list that they come from


def test_there_is_one_of_each() -> None:
    assert len({one.name for one in faults.FAULTS}) == NAMED


@pytest.mark.parametrize("fault", faults.FAULTS, ids=lambda one: one.name)
def test_fault_can_be_planted(fault: faults.Fault) -> None:
    whole = (faults.TOP / fault.file).read_text()
    assert fault.planted(whole) != whole


def test_noticed_is_what_turns_red_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = next(one for one in faults.FAULTS if one.name == "help link removed")
    old = fault.swaps[0][0]
    page = tmp_path / fault.file
    page.parent.mkdir(parents=True)
    page.write_text(f"before {old} after")
    said = {"FAILED a::b\nways_out: gone": "a::b", "FAILED a::b": "", "1 passed": ""}
    for words, red in said.items():
        monkeypatch.setattr(faults, "run", lambda folder, *tests, _=words: _)
        assert faults.seen(fault, tmp_path) == red
    assert page.read_text() == f"before {old} after"
