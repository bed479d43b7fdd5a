"""Who it is, asked again before a dangerous act; nothing that was typed is lost."""

import pytest
from django.urls import reverse

from config.sessions import SIGNED_IN_AT
from core.models import Clinic, EmergencyAccess, User
from tests.cast import Cast, make_cast, make_patient, signed_in
from tests.clinicians.views.settings_page import fields_of, url_of
from tests.clinicians.views.test_clinic import NEW

PASSWORD = {"again-password": "a password nobody guesses"}


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def stale(user: User):
    """Signed in an hour ago, and at work since."""
    client = signed_in(user)
    session = client.session
    session[SIGNED_IN_AT] = 0
    session.save()
    return client


@pytest.fixture
def ada(cast: Cast, settings):
    settings.STAFF_SESSION_SECONDS = 10**10
    return stale(cast.ada)


def url(name: str, *args: object) -> str:
    return reverse(f"clinicians:{name}", args=args)


def test_looking_asks_nothing(ada):
    for name in ("team", "settings", "webhooks", "audit"):
        assert ada.get(url(name)).status_code == 200


def test_what_was_typed_goes_on_after_the_question(ada):
    asked = ada.post(url("team"), NEW)
    page = asked.content.decode()
    assert "Is it still you?" in page
    assert not User.objects.filter(email=NEW["email"]).exists()
    for name, value in NEW.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    wrong = ada.post(url("team"), {**NEW, "again-password": "wrong"})
    assert wrong.status_code == 422
    assert NEW["email"] in wrong.content.decode()
    before = ada.session.session_key
    done = ada.post(url("team"), {**NEW, **PASSWORD})
    assert done["Location"] == url("team")
    assert User.objects.get(email=NEW["email"]).name == NEW["name"]
    assert ada.session.session_key != before


def test_every_value_of_a_field_is_carried(ada):
    Clinic.objects.update(battery=["phq-9"])
    address = url_of("screening")
    data = fields_of(ada.get(address)) | {"battery": ["phq-9", "gad-7"]}
    page = ada.post(address, data).content.decode()
    assert page.count('name="battery"') == 2
    ada.post(address, {**data, **PASSWORD})
    assert Clinic.objects.get(name="Riverside").battery == ["phq-9", "gad-7"]


def test_once_shown_it_holds_for_a_while(ada, cast: Cast):
    ada.post(url("send-again", cast.bob.id), PASSWORD)
    assert ada.post(url("deactivate", cast.bob.id)).status_code == 302
    cast.bob.refresh_from_db()
    assert not cast.bob.is_active


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("webhook-secret", ()),
        ("webhooks", ()),
        ("settings-section", ("review",)),
        ("confirm-settings", ("review",)),
    ],
)
def test_acts_that_ask(ada, name, given):
    assert "Is it still you?" in ada.post(url(name, *given)).content.decode()


@pytest.mark.parametrize(
    "name", ["deactivate", "reactivate", "send-again", "change-role"]
)
def test_acts_on_a_colleague_ask(ada, cast: Cast, name):
    page = ada.post(url(name, cast.bob.id)).content.decode()
    assert "Is it still you?" in page


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("audit-csv", "audit-log.csv?kind=CASE_CLOSED"),
        ("settings-history-csv", "settings-history.csv?kind=CASE_CLOSED"),
    ],
)
def test_a_file_is_handed_out_after_the_question(ada, name, ends):
    answer = ada.get(url(name) + "?kind=CASE_CLOSED")
    where = answer["Location"]
    assert where.startswith("/account/reauthenticate/?next=")
    done = ada.post(where, {"password": PASSWORD["again-password"]})
    assert done["Location"].endswith(ends)
    assert ada.get(done["Location"]).status_code == 200


def test_emergency_asks_who_it_is(ada, cast: Cast):
    page = url("emergency", make_patient(cast.clinic).id)
    assert ada.get(page)["Location"].startswith("/account/reauthenticate/?next=")
    asked = ada.post(page, {"reason": "He called and cannot be reached."})
    assert "He called and cannot be reached." in asked.content.decode()
    assert not EmergencyAccess.objects.exists()


def test_guessing_is_cut_off_and_loses_nothing(ada, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "1/m/user"}
    ada.post(url("team"), {**NEW, "again-password": "wrong"})
    answer = ada.post(url("team"), {**NEW, **PASSWORD})
    assert answer.status_code == 422
    assert "Too many tries." in answer.content.decode()
    assert NEW["email"] in answer.content.decode()
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_rubbish_for_a_passkey_is_refused(ada):
    answer = ada.post(url("team"), {**NEW, "again-credential": "{}"})
    assert answer.status_code == 422
    assert NEW["email"] in answer.content.decode()
