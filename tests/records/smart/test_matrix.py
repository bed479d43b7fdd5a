"""Every address of the API, with every scope, from its own clinic and from another."""

import pytest
from django.urls import get_resolver
from rest_framework.test import APIClient

from core.models import AuditEvent
from records.models import DraftQuestionnaire
from records.permissions import served
from tests.cast import make_episode
from tests.records.conftest import AT, make_token, showing
from tests.records.rows import make_administration, make_clinic
from tests.records.smart.matrix import NEED_A_TOKEN, OPEN, ROUTES

pytestmark = pytest.mark.django_db
LETTERS = "cruds"


def things(clinic, client):
    """One of everything that an address can name."""
    part = make_administration(clinic, [1] * 9 + [0])
    draft = DraftQuestionnaire.objects.create(
        clinic=clinic,
        client=client,
        url="urn:form",
        version="1",
        title="A form",
        digest="1",
        content={"resourceType": "Questionnaire"},
        received_at=AT,
    )
    return {
        "part": part.id,
        "screening": part.screening_id,
        "patient": part.screening.patient_id,
        "case": make_episode(part.screening.patient).id,
        "draft": draft.id,
    }


def address(name, ids):
    path = ROUTES[name].path.format(**ids)
    return f"/api/v1{path}" if path.startswith("/") else f"/fhir/R4/{path}"


def send(browser, method, url):
    sent = {"data": {}, "format": "json"} if method == "post" else {}
    return getattr(browser, method)(url, **sent)


def test_every_address_has_its_line():
    urls = get_resolver().reverse_dict  # fills the resolvers' tables
    assert urls is not None
    names = set()
    for resolver in get_resolver().url_patterns:
        if getattr(resolver, "namespace", "") == "records" or (
            getattr(resolver, "app_name", "") == "records"
        ):
            names |= set(_names(resolver))
    assert names == set(ROUTES), "Give each its line in tests/records/smart/matrix.py."


def _names(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _names(pattern)
        else:
            yield pattern.name


def test_scope_opens_its_own_resource_and_interaction_alone(clinic):
    """One's own scope opens, and all the others together do not: so none of them does."""
    ids = things(clinic, make_token(clinic, name="Maker").client)
    token = make_token(clinic, ["system/*.cruds"])
    browser, wrong = showing(token.secret), []
    every = [f"{name}.{letter}" for name in served() for letter in LETTERS]
    for name, route in ROUTES.items():
        for method, needs in route.needs.items():
            others = [scope for scope in every if scope != needs]
            tries = [([needs], route.own[method]), (others, 403)]
            for scopes, expected in tries if needs else [(others, route.own[method])]:
                token.scopes = [f"system/{one}" for one in scopes]
                token.save(update_fields=["scopes"])
                got = send(browser, method, address(name, ids)).status_code
                if got != expected:
                    wrong.append(f"{method} {name} with {scopes[:2]}: {got}")
    assert wrong == []
    closed = [s for route in ROUTES.values() for s in route.needs.values() if s]
    refused = AuditEvent.objects.filter(kind="RECORD_REFUSED")
    assert refused.count() == len(closed)


def test_other_clinics_find_nothing(clinic):
    ids = things(clinic, make_token(clinic, name="Maker").client)
    other = make_token(make_clinic("South clinic"), ["system/*.cruds"])
    browser, wrong = showing(other.secret), []
    known = [str(one) for one in ids.values()]
    for name, route in ROUTES.items():
        if "get" not in route.needs:
            continue
        answer = send(browser, "get", address(name, ids))
        if answer.status_code != route.foreign:
            wrong.append(f"{name}: {answer.status_code}")
        # The address that was asked for may be repeated; nothing else of it.
        asked = address(name, ids)
        told = answer.content.decode().replace(asked.partition("?")[2], "")
        if any(one in told for one in known if one not in asked) or (
            answer.status_code == 200 and any(one in told for one in known)
        ):
            wrong.append(f"{name}: tells of another clinic")
    assert wrong == []


def test_without_a_token_only_what_is_open_answers(clinic):
    ids = things(clinic, make_token(clinic, name="Maker").client)
    for name, route in ROUTES.items():
        for method, needs in route.needs.items():
            answer = send(APIClient(), method, address(name, ids))
            if needs == OPEN and name not in NEED_A_TOKEN:
                assert answer.status_code == route.own[method], name
            else:
                assert answer.status_code == 401, name
                assert answer["WWW-Authenticate"].startswith("Bearer"), name
