"""The data file of topics: refused whole where it would promise what is not there."""

import pytest

from records.definitions import ROOT, subscription_rules
from records.workflow.topics import build_subscription_rules
from screening.definitions.files import read_json
from screening.domain.reading import DefinitionError


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"error_after": 0}, "error_after"),
        ({"colour": "red"}, "colour"),
        ({"topics": [{"id": "x"}]}, "topics"),
        ({"resource": "Patient"}, "resource"),
        ({"on": ["COMPLETED", "DREAMT"]}, "on"),
        ({"on": []}, "on"),
        ({"twice": True}, "topics"),
    ],
)
def test_data_file_that_would_promise_what_is_not_there_is_refused(change, place):
    shipped = read_json(ROOT / "subscriptions.json", ROOT)
    first = shipped["topics"][0]
    if change == {"twice": True}:
        change = {"topics": [first, first]}
    elif set(change) & {"resource", "on"}:
        change = {"topics": [{**first, **change}]}
    with pytest.raises(DefinitionError, match=place):
        build_subscription_rules({**shipped, **change}, file="subscriptions.json")


def test_shipped_topics_are_told_of_what_can_happen():
    topics = subscription_rules().topics
    assert set(topics) == {"screening-result", "review"}
    assert topics["review"].url("http://x") == "http://x/SubscriptionTopic/review"
