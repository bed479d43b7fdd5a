"""The due policy and a clinic's own choices, read strictly."""

import pytest

from screening.domain.due import Clock, build_policy, override
from screening.domain.flags import Tier
from screening.domain.instruments import DefinitionError


def test_policy_is_proposed_and_sourced(policy):
    assert policy.version == "2026.1"
    assert policy.review_state == "proposed, for your clinical lead to confirm"
    assert (policy.reviewed_by, policy.reviewed_on) == (None, None)
    assert set(policy.tiers) == set(Tier)
    assert all(rule.source for rule in policy.tiers.values())
    assert policy.tiers[Tier.URGENT].same_day
    assert policy.tiers[Tier.URGENT].clock == Clock.WALL


def test_policy_reads_its_review(due_data):
    due_data |= {"review_state": "reviewed by a clinician"}
    due_data |= {"reviewed_by": "A", "reviewed_on": "2026-02-01"}
    policy = build_policy(due_data, file="due.json")
    assert policy.review_state == "reviewed by a clinician"
    assert (policy.reviewed_by, policy.reviewed_on) == ("A", "2026-02-01")


@pytest.mark.parametrize(
    ("path", "value", "place", "reason"),
    [
        (("colour",), "red", "colour", "unknown key"),
        (("about",), "", "about", "must be text that is not empty"),
        (("version",), 1, "version", "must be text that is not empty"),
        (("tiers", "LOW"), {}, "tiers.LOW", "unknown key"),
        (("tiers", "HIGH", "minutes"), 0, "tiers.HIGH.minutes", "must be at least 1"),
        (
            ("tiers", "HIGH", "clock"),
            "sun",
            "tiers.HIGH.clock",
            "is not one of: wall, staffed",
        ),
        (
            ("tiers", "HIGH", "same_day"),
            1,
            "tiers.HIGH.same_day",
            "must be true or false",
        ),
        (
            ("tiers", "HIGH", "source"),
            "",
            "tiers.HIGH.source",
            "must be text that is not empty",
        ),
        (("tiers", "HIGH", "extra"), 1, "tiers.HIGH.extra", "unknown key"),
        (("tiers", "HIGH"), None, "tiers.HIGH", "must be an object"),
    ],
)
def test_build_policy_refuses(due_data, path, value, place, reason):
    target = due_data
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    with pytest.raises(DefinitionError) as caught:
        build_policy(due_data, file="due.json")
    error = caught.value
    assert (error.file, error.place, error.reason) == ("due.json", place, reason)


def test_build_policy_needs_every_tier(due_data):
    del due_data["tiers"]["CONCERN"]
    with pytest.raises(DefinitionError, match="due.json: tiers.CONCERN: missing"):
        build_policy(due_data, file="due.json")


def test_override_changes_one_tier_only(policy):
    rule = {"minutes": 1, "clock": "wall", "same_day": False, "source": "A clinic"}
    ours = override(policy, {"URGENT": rule}, file="clinic")
    assert ours.tiers[Tier.URGENT].minutes == 1
    assert ours.tiers[Tier.HIGH] == policy.tiers[Tier.HIGH]
    assert policy.tiers[Tier.URGENT].minutes == 240
    assert override(policy, {}, file="clinic") == policy


def test_override_is_read_as_strictly(policy):
    with pytest.raises(DefinitionError) as caught:
        override(policy, {"SOON": {}}, file="clinic")
    assert caught.value.place == "SOON"
    assert caught.value.reason == "is not one of: URGENT, HIGH, ROUTINE, CONCERN"
    with pytest.raises(DefinitionError, match="clinic: URGENT.minutes: missing"):
        override(policy, {"URGENT": {}}, file="clinic")
