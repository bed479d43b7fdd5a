"""A token that carries less than its client may have: its own scopes are what counts."""

import pytest

from records.models import ApiToken
from tests.records.conftest import make_token, showing
from tests.records.rows import make_administration

pytestmark = pytest.mark.django_db
BASE = "/fhir/R4"
ASYNC = {"HTTP_PREFER": "respond-async"}


def test_narrow_token_opens_its_own_scopes_alone_wherever_it_is_shown(clinic):
    row = make_administration(clinic, [1] * 9 + [0])
    wide = make_token(clinic, ["system/*.cruds"])
    narrow = showing(wide.secret)
    opened = f"{BASE}/Observation", f"{BASE}/Observation/{row.id}.total"
    closed = (
        f"{BASE}/Observation?_include=Observation:patient",
        f"{BASE}/Observation?_revinclude=Provenance:target",
        f"{BASE}/QuestionnaireResponse",
        f"{BASE}/QuestionnaireResponse/{row.id}",
        f"{BASE}/QuestionnaireResponse/{row.id}/_history",
        f"{BASE}/QuestionnaireResponse/{row.id}/_history/1",
        f"{BASE}/Patient/$export?_type=Patient",
        f"{BASE}/$export?_type=QuestionnaireResponse",
        "/api/v1/screenings",
    )

    def said(paths):
        return {path: narrow.get(path, **ASYNC).status_code for path in paths}

    before = said([*opened, *closed])
    assert 403 not in before.values()
    ApiToken.objects.filter(id=wide.id).update(scopes=["system/Observation.rs"])
    assert said(opened) == dict.fromkeys(opened, 200)
    assert said(closed) == dict.fromkeys(closed, 403)
    posted = narrow.post(f"{BASE}/QuestionnaireResponse", {}, format="json")
    assert posted.status_code == 403


def test_export_without_a_type_holds_what_the_token_may_read(clinic):
    wide = make_token(clinic, ["system/*.cruds"])
    ApiToken.objects.filter(id=wide.id).update(scopes=["system/Observation.rs"])
    answer = showing(wide.secret).get(f"{BASE}/$export", **ASYNC)
    assert answer.status_code == 202
    assert wide.client.export_set.get().types == ["Observation"]
