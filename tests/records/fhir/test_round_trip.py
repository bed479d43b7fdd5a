"""Anything we can say is read by an independent library, and nothing is lost."""

from hypothesis import HealthCheck, given, settings

from records.fhir.observation import observations
from records.fhir.response import questionnaire_response
from tests.records.fhir.administrations import administrations
from tests.records.fhir.judge import accept

relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@relaxed
@given(administrations())
def test_response_is_read_back_without_loss(administration):
    accept(questionnaire_response(administration))


@relaxed
@given(administrations())
def test_observations_are_read_back_without_loss(administration):
    for observation in observations(administration):
        accept(observation)


@relaxed
@given(administrations())
def test_every_member_has_its_own_id_and_either_a_value_or_a_reason(administration):
    panel, *members = observations(administration)
    beside = {
        f"{panel['id'].removesuffix('panel')}{i.key}"
        for i in administration.items
        if not i.in_panel
    }
    ids = [one["id"] for one in members]
    assert len(set(ids)) == len(ids)
    assert [m["reference"] for m in panel.get("hasMember", [])] == [
        f"Observation/{one}" for one in ids if one not in beside
    ]
    for one in members:
        values = [name for name in one if name.startswith("value")]
        assert len(values) + ("dataAbsentReason" in one) == 1
