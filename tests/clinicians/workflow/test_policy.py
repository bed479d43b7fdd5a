"""What closing needs, how long a case may rest, and a data file that is refused."""

import copy
import json
from typing import Any

import pytest

from clinicians.definitions import ROOT, review_policy, trend_policy
from clinicians.workflow import (
    CloseRefused,
    Status,
    build_policy,
    can_close,
    check_close,
    resting_minutes,
)
from clinicians.workflow.queue import build_queue_policy
from screening.definitions.files import read_json
from screening.domain.reading import DefinitionError
from screening.domain.rules import Tier

DONE: dict[str, Any] = {
    "disposition": "follow-up",
    "note": "Called; visit on Friday.",
    "contacted": True,
}
DATA = read_json(ROOT / "review.json", ROOT)


def test_closing_an_urgent_case_with_everything_passes():
    assert check_close(review_policy(), Tier.URGENT, **DONE).id == "follow-up"


@pytest.mark.parametrize(
    ("without", "sentence"),
    [
        ({"disposition": ""}, "how this case ended"),
        ({"disposition": "reviewed"}, "how this case ended"),
        ({"disposition": "none such"}, "how this case ended"),
        ({"contacted": False}, "contact attempt"),
        ({"note": "  "}, "note"),
    ],
)
def test_closing_an_urgent_case_names_what_is_missing(without, sentence):
    given = {**DONE, **without}
    assert not can_close(review_policy(), Tier.URGENT, **given)
    with pytest.raises(CloseRefused, match=sentence):
        check_close(review_policy(), Tier.URGENT, **given)


def test_closing_a_routine_case_needs_no_contact():
    given: dict[str, Any] = {"disposition": "reviewed", "note": "", "contacted": False}
    assert can_close(review_policy(), Tier.ROUTINE, **given)


def test_closing_a_routine_case_may_need_a_note():
    given: dict[str, Any] = {"disposition": "referred", "note": "", "contacted": False}
    assert not can_close(review_policy(), Tier.ROUTINE, **given)


def test_resting_ends_where_somebody_has_the_case():
    policy = review_policy()
    patience = policy.patience[Tier.URGENT]
    assert (
        resting_minutes(policy, Tier.URGENT, Status.ACKNOWLEDGED)
        == patience.acknowledged
    )
    assert (
        resting_minutes(policy, Tier.URGENT, Status.IN_PROGRESS) == patience.in_progress
    )
    assert resting_minutes(policy, Tier.URGENT, Status.OPEN) is None


def test_step_waits_the_clinics_minutes_only_when_urgent():
    patience = review_policy().patience
    assert patience[Tier.URGENT].step_minutes(30) == 30
    assert patience[Tier.ROUTINE].step_minutes(30) == patience[Tier.ROUTINE].step


def test_contact_outcome_is_found_by_its_id():
    policy = review_policy()
    assert policy.contact("spoke").label == "Spoke with the patient"
    assert policy.contact("none such") is None


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (("patience", "URGENT", "acknowledged"), 0, "at least 1"),
        (("patience", "URGENT", "step"), 0, "at least 1"),
        (("patience", "LOW"), {}, "unknown key"),
        (("dispositions",), [], "nothing closes a case of tier URGENT"),
        (("dispositions", 0, "tiers"), ["LOW"], "not one of"),
        (("dispositions", 0, "id"), "follow-up", "same id twice"),
        (("contacts", 0, "id"), "message", "same id twice"),
        (("contacts",), [], "at least one"),
        (("review_state",), "fine", "not one of"),
        (("extra",), 1, "unknown key"),
        (("snooze", "URGENT"), 0, "at least 1"),
        (("snooze_offers",), [30, 15], "each more than the last"),
        (("snooze_offers",), [], "each more than the last"),
        (("second_person",), ["SOON"], "is not one of"),
    ],
)
def test_policy_file_that_cannot_be_used_is_refused(place, value, reason):
    data = copy.deepcopy(DATA)
    target = data
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value
    with pytest.raises(DefinitionError, match=reason):
        build_policy(data, file="review.json")


def test_policy_is_marked_as_proposed():
    assert review_policy().review_state == "proposed, for your clinical lead to confirm"


@pytest.mark.parametrize("wrong", [{"page": 0}, {"undo_seconds": 9}])
def test_queue_file_that_cannot_be_used_is_refused(wrong):
    data = {**read_json(ROOT / "queue.json", ROOT), **wrong}
    with pytest.raises(DefinitionError, match="at least 1"):
        build_queue_policy(data, file="queue.json")


def test_trend_file_that_cannot_be_used_is_refused(tmp_path):
    data = {**read_json(ROOT / "trend.json", ROOT), "newest": 0}
    (tmp_path / "trend.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(DefinitionError, match="at least 1"):
        trend_policy.__wrapped__(tmp_path)
