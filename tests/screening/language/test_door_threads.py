"""A machine that has no thread left is a reason like any other."""

import pytest

from screening.language.attempt import Attempt
from screening.language.clarify import Explanation
from screening.language.client import LanguageUnavailable
from tests.screening.language.test_door_limits import PROMPT, Script, door, good


def test_machine_without_a_thread_left_is_a_reason_and_keeps_no_place(monkeypatch):
    """Nothing but the two exceptions leaves the door, and every place comes back."""
    asked = door(Script(good()), max_concurrent=1)

    def fail(attempt):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(Attempt, "start", fail)
        for _ in range(2):
            with pytest.raises(LanguageUnavailable, match="no_thread"):
                asked.complete("clarify", PROMPT, Explanation)
    assert asked.complete("clarify", PROMPT, Explanation).value.explanation
