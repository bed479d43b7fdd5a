"""The table tells a miss from a pass, and the readers a broken thing from a good one."""

import copy
import json

import pytest

from records.fhir.observation import observations
from tests.conformance.breaks import BREAKS, TOTAL
from tests.conformance.readers import READERS
from tests.conformance.table import Row, accepting, lines
from tests.records.fhir.administrations import administration


def test_what_was_refused_is_a_miss_and_says_why():
    row = accepting("Patient", "a judge", [[], ["no name"], []])
    assert (row.accepted, row.rejected, row.good) == (2, 1, False)
    printed = lines([row, Row("Flag", "a judge", 1, 0, good=True)])
    assert [line.split()[-1] for line in printed[1:3]] == ["MISS", "ok"]
    assert printed[-1].strip() == "no name"


def test_nothing_to_accept_is_a_miss():
    assert not accepting("Patient", "a judge", []).good


@pytest.mark.parametrize("judge", READERS)
def test_readers_refuse_what_they_are_there_for(judge):
    good = observations(administration())[-1]
    assert READERS[judge](json.dumps(good)) == []
    spoilt = [one for one in BREAKS if one.of == TOTAL]
    refused = []
    for one in spoilt:
        bad = copy.deepcopy(good)
        one.spoil(bad)
        assert bad != good, one.why
        refused.append(bool(READERS[judge](json.dumps(bad))))
    assert sum(refused) >= len(spoilt) // 2
