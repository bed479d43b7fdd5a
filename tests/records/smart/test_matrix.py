"""Every address of the API, with every scope, from its own clinic and from another."""

import pytest
from django.urls import get_resolver
from rest_framework.test import APIClient

from clinicians.models import Notice
from core.models import AuditEvent
from records.api.kinds import KINDS, Asking
from records.client.store import Writer
from records.models import (
    Delivery,
    Destination,
    DraftQuestionnaire,
    Export,
    ExportFile,
)
from records.permissions import served
from records.presenters import Naming
from screening.models import Screening
from tests.access.told import make_notification
from tests.cast import make_episode, make_flag, make_screening
from tests.records.conftest import AT, make_token, showing
from tests.records.rows import make_administration, make_clinic
from tests.records.smart.matrix import NEED_A_TOKEN, OPEN, ROUTES

pytestmark = pytest.mark.django_db
LETTERS = "cruds"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.RECORDS_FOLDER = str(tmp_path)


def things(clinic, client):
    """One of everything that an address can name."""
    part = make_administration(clinic, [1] * 9 + [0])
    screening, patient = part.screening, part.screening.patient
    Screening.objects.filter(id=screening.id).update(consented_at=AT)
    case = make_episode(patient)
    notice = Notice.objects.create(
        episode=case, round=0, step="team", recipient="", key="1", created_at=AT
    )
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
    file = an_export(clinic, client)
    return {
        "clinic": clinic.id,
        "part": part.id,
        "screening": screening.id,
        "patient": patient.id,
        "case": case.id,
        "flag": make_flag(case, screening).id,
        "notice": notice.id,
        "draft": draft.id,
        "provenance": a_provenance(clinic),
        "line": AuditEvent.objects.get(kind="API_CLIENT_CREATED").id,
        "export": file.export_id,
        "file": file.id,
        "subscription": make_notification(client).subscription_id,
        "asked": make_screening(patient).id,
        "delivery": a_delivery(part).id,
    }


def a_delivery(part):
    clinic, patient = part.screening.clinic, part.screening.patient
    place = Destination.objects.create(
        clinic=clinic, kind="CSV_FILE", name="Files", since_at=AT, created_at=AT
    )
    return Delivery.objects.create(
        destination=place,
        patient=patient,
        administration=part,
        version=1,
        caused_at=AT,
        created_at=AT,
        next_at=AT,
    )


def a_provenance(clinic):
    asking = Asking(clinic, Naming(base="http://localhost/fhir/R4"), "Program")
    page = KINDS["Provenance"].page(asking, [], after=None, count=1)
    return page.resources[0]["id"]


def an_export(clinic, client):
    """A finished one of patients, with its file."""
    row = Export.objects.create(
        clinic=clinic,
        client=client,
        level="system",
        types=["Patient"],
        until_at=AT,
        request="",
        state=Export.State.DONE,
        created_at=AT,
    )
    writer = Writer(row.id, 1)
    writer.add("Patient", [b"{}"])
    writer.store()
    return ExportFile.objects.create(
        export=row, resource="Patient", part=1, count=1, size=3
    )


def address(name, ids):
    path = ROUTES[name].path.format(**ids)
    return f"/api/v1{path}" if path.startswith("/") else f"/fhir/R4/{path}"


def send(browser, method, name, ids):
    route, url = ROUTES[name], address(name, ids)
    if method != "post":
        return getattr(browser, method)(url, **route.headers)
    if route.form:
        form = "application/x-www-form-urlencoded"
        return browser.post(url, "", content_type=form, **route.headers)
    return browser.post(url, route.sent, format="json", **route.headers)


def body(answer):
    """What was told, of a file, too."""
    parts = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(parts).decode()


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


def belongs(scope, needs):
    """Whether a scope of one letter is a part of what is needed."""
    resource, letter = scope.split(".")
    wanted, _, letters = needs.partition(".")
    return resource == wanted and letter in letters


def test_scope_opens_its_own_resource_and_interaction_alone(clinic):
    """One's own scope opens, and all the others together do not: so none of them does."""
    token = make_token(clinic, ["system/*.cruds"])
    ids = things(clinic, token.client)
    browser, wrong = showing(token.secret), []
    every = [f"{name}.{letter}" for name in served() for letter in LETTERS]
    for name, route in ROUTES.items():
        for method, needs in route.needs.items():
            others = [scope for scope in every if not belongs(scope, needs)]
            tries = [([needs], route.own[method]), (others, 403)]
            for scopes, expected in tries if needs else [(others, route.own[method])]:
                token.scopes = [f"system/{one}" for one in scopes]
                token.save(update_fields=["scopes"])
                answer = send(browser, method, name, ids)
                body(answer)
                got = answer.status_code
                # A program may have only so many exports under way.
                Export.objects.filter(state=Export.State.ASKED).delete()
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
        answer = send(browser, "get", name, ids)
        if answer.status_code != route.foreign:
            wrong.append(f"{name}: {answer.status_code}")
        # The address that was asked for may be repeated; nothing else of it.
        asked = address(name, ids)
        told = body(answer).replace(asked.partition("?")[2], "")
        if any(one in told for one in known if one not in asked) or (
            answer.status_code == 200 and any(one in told for one in known)
        ):
            wrong.append(f"{name}: tells of another clinic")
    assert wrong == []


def test_without_a_token_only_what_is_open_answers(clinic):
    ids = things(clinic, make_token(clinic, name="Maker").client)
    for name, route in ROUTES.items():
        for method, needs in route.needs.items():
            answer = send(APIClient(), method, name, ids)
            if needs == OPEN and name not in NEED_A_TOKEN:
                assert answer.status_code == route.own[method], name
            else:
                assert answer.status_code == 401, name
                assert answer["WWW-Authenticate"].startswith("Bearer"), name
