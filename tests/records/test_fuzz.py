"""Whatever a client sends to the FHIR endpoint: no fault of ours, and always an answer
in FHIR."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from records.api.kinds import KINDS
from records.api.shaping import CONTROLS
from records.fhir.served import CREATE, SERVED
from tests.records.conftest import make_token, showing
from tests.records.fhir.judge import accept
from tests.records.rows import make_administration
from tests.records.smart.sent import response
from tests.records.smart.test_drafts import questionnaire
from tests.records.smart.test_ordering import service_request, task
from tests.records.told.telling import wanted

BASE = "/fhir/R4"
FORM = "application/x-www-form-urlencoded"
TRIED = settings(
    max_examples=50,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# What is nearly right finds more than what is nonsense.
PIECES = st.sampled_from(
    ["", "-", ",", "|", "$", "\\", "eq", "ge", "2026", "-02-30", "T25:00Z", "+99:99"]
    + ["9999-12-31", "Patient/", "phq-9", "final", "true", "count", "_id", "date", "%"]
    + ["_lastUpdated", "http://loinc.org|", "44261-6", "0", "-1", "٣", "\x00", "\ud800"]
    + ["😀", "x" * 300, "Observation:patient", "W10=", "a.b", "meta", "9" * 30]
)
VALUES = st.one_of(
    st.lists(PIECES, max_size=4).map("".join),
    st.text(max_size=12),
    st.uuids().map(str),
)
NAMES = sorted({name for one in KINDS.values() for name in one.where})
PARAMETERS = st.sampled_from(
    [*NAMES, *CONTROLS, "_cursor", "_include", "_revinclude", "_format", "status:not"]
)


@pytest.fixture
def system(clinic):
    return showing(make_token(clinic, ["system/*.cruds"]).secret)


def well_answered(answer):
    """Not our fault, and said in FHIR."""
    assert answer.status_code < 500, answer.content
    if answer.status_code == 304 or not answer.content:
        return
    told = json.loads(answer.content)
    if answer.status_code >= 400:
        accept(told)
        assert told["resourceType"] == "OperationOutcome"
        assert told["issue"][0]["details"]["text"].endswith(".")


def test_any_search_is_answered_or_refused(system, clinic):
    row = make_administration(clinic, [1] * 10)
    ids = st.sampled_from([str(row.id), f"{row.id}.total", str(row.screening_id)])
    pairs = st.tuples(PARAMETERS, st.one_of(VALUES, ids))

    @TRIED
    @given(
        kind=st.sampled_from(sorted(KINDS)),
        asked=st.lists(pairs, max_size=3),
        lenient=st.booleans(),
        posted=st.booleans(),
    )
    def check(kind, asked, lenient, posted):
        sent: dict[str, Any] = {}
        for name, value in asked:
            sent[name] = value.encode("utf-8", "replace").decode()
        headers = {"HTTP_PREFER": "handling=lenient"} if lenient else {}
        if posted:
            body = "&".join(f"{name}={value}" for name, value in sent.items())
            address = f"{BASE}/{kind}/_search"
            answer = system.post(address, body, content_type=FORM, **headers)
        else:
            answer = system.get(f"{BASE}/{kind}", sent, **headers)
        well_answered(answer)

    check()


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.sampled_from([1e300, -0.0, 0.1]),
        st.sampled_from(["", "x", "active", "Patient/1", "\x00", "2026-13-01"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["resourceType", "item", "answer", "linkId", "value", "system", "code"]
                + ["coding", "reference", "identifier", "extension", "valueDecimal"]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)


def places(value, path=()):
    """Every place in a resource, the whole of it first."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner if isinstance(value, dict | list) else ():
        if isinstance(one, dict | list):
            yield from places(one, (*path, key))
        else:
            yield (*path, key)


def put(value, path, new):
    """A copy with one place of it replaced."""
    if not path:
        return new
    made = dict(value) if isinstance(value, dict) else list(value)
    made[path[0]] = put(value[path[0]], path[1:], new)
    return made


def test_any_body_is_taken_or_refused(system, clinic):
    patient = make_administration(clinic, [0] * 10).screening.patient
    good = {
        "QuestionnaireResponse": response(patient, [0] * 9),
        "ServiceRequest": service_request(patient),
        "Task": task(patient, "http://localhost/fhir/R4/Questionnaire/phq-9"),
        "Questionnaire": questionnaire(),
        "Subscription": wanted("https://receiver.example/hook"),
    }
    makes = {one.resource for one in SERVED if CREATE in one.codes}
    assert makes <= set(good)
    spots = [(kind, path) for kind, sent in good.items() for path in places(sent)]

    @TRIED
    @given(spot=st.sampled_from(spots), new=JSON)
    def check(spot, new):
        kind, path = spot
        sent = json.dumps(put(good[kind], path, new))
        answer = system.post(
            f"{BASE}/{kind}", sent, content_type="application/fhir+json"
        )
        well_answered(answer)

    check()


@pytest.mark.parametrize(
    ("method", "path", "body", "kind"),
    [
        ("get", "Observation?" + "&".join(["code=1"] * 1500), "", ""),
        ("post", "Observation/_search", "&".join(["code=1"] * 1500), FORM),
        ("post", "Observation/_search", b"code=%ff\xff", FORM),
        ("post", "Observation/_search", "_id=" + "1," * 5000, FORM),
        ("post", "QuestionnaireResponse", b"\xff\xfe{", "application/fhir+json"),
        ("post", "QuestionnaireResponse", "[" * 100_000, "application/fhir+json"),
        ("post", "Task", '{"a": 1, "a": 2}', "application/fhir+json"),
        ("post", "Task", '{"a": 1e999999999}', "application/fhir+json"),
        ("post", "$export", '{"resourceType": "Parameters", "parameter": 7}', ""),
        ("get", "$export?_since=0000&_type=%00&_outputFormat=😀", "", ""),
        ("get", "exports/00000000-0000-0000-0000-000000000000", "", ""),
        ("get", "Patient/%00/_history/%ff", "", ""),
        ("get", "QuestionnaireResponse/%00/_history", "", ""),
        ("get", "metadata?_format=yaml", "", ""),
    ],
)
def test_what_a_hostile_client_sends(system, method, path, body, kind):
    headers = {"HTTP_PREFER": "respond-async"}
    more = {"content_type": kind or "application/fhir+json"} if body else {}
    answer = getattr(system, method)(f"{BASE}/{path}", body or None, **more, **headers)
    well_answered(answer)


def test_error_says_where_in_the_request_it_is(system, clinic, client):
    reader = showing(make_token(clinic, ["system/Patient.rs"], name="Reader").secret)
    order = {"HTTP_IF_NONE_EXIST": "name=x"}
    for answer, status, place in (
        (client.get(f"{BASE}/Patient"), 401, "http.Authorization"),
        (reader.get(f"{BASE}/Observation"), 403, "http.Authorization"),
        (system.get(f"{BASE}/Patient?_format=xml"), 406, "http._format"),
        (system.get(f"{BASE}/Patient", HTTP_ACCEPT="text/html"), 406, "http.Accept"),
        (system.get(f"{BASE}/Patient?colour=red"), 400, "http.colour"),
        (
            system.post(f"{BASE}/Task", "a", content_type="text/plain"),
            415,
            "http.Content-Type",
        ),
        (
            system.post(f"{BASE}/Task", {}, format="json", **order),
            412,
            "http.If-None-Exist",
        ),
    ):
        assert answer.status_code == status
        well_answered(answer)
        assert answer.json()["issue"][0]["expression"] == [place]


def test_form_that_is_too_large_is_said_to_be(system, client):
    form = "code=" + "x" * 3_000_000
    answer = system.post(f"{BASE}/Observation/_search", form, content_type=FORM)
    assert answer.status_code == 413
    well_answered(answer)
    many = "&".join(["code=1"] * 1500)
    for path, big in (("auth/token", form), ("auth/revoke", many)):
        refused = client.post(f"{BASE}/{path}", big, content_type=FORM)
        assert refused.status_code == 400
        assert refused.json()["error"] == "invalid_request"
