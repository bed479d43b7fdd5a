"""Team and settings: who may change what, and what is kept of it."""

import pytest
from django.core import mail as outbox
from django.urls import reverse

from core.models import AuditEvent, Clinic, User
from tests.cast import Cast, signed_in

NEW = {"name": "Nia Brook", "email": "nia@clinic.example", "role": "CLINICIAN"}
SETTINGS = {
    "name": "Riverside",
    "phone": "555 0199",
    "time_zone": "America/Chicago",
    "holidays": "2026-12-25\n2026-11-26",
    "wording_policy": "gated",
    "escalate_minutes": "20",
    "battery": ["phq-9"],
    "ladder_team": "a@clinic.example\nb@clinic.example",
    "ladder_on_call": "",
    "ladder_supervisor": "boss@clinic.example",
    "hours_0": "09:00-12:30, 13:30–17:00",
}


@pytest.mark.parametrize(
    ("typed", "status", "kept"),
    [
        ("https://riverside.example/plan", 302, "https://riverside.example/plan"),
        ("riverside.example/plan", 302, "https://riverside.example/plan"),
        ("http://riverside.example/plan", 422, ""),
        ("javascript:alert(1)", 422, ""),
        ("", 302, ""),
    ],
)
def test_safety_plan_is_an_address_or_none(cast: Cast, typed, status, kept):
    data = {**SETTINGS, "safety_plan_url": typed}
    response = signed_in(cast.ada).post(reverse("clinicians:settings"), data)
    assert response.status_code == status
    cast.clinic.refresh_from_db()
    assert cast.clinic.safety_plan_url == kept


def test_new_colleague_gets_a_link_to_set_a_password(cast: Cast):
    signed_in(cast.ada).post(reverse("clinicians:team"), NEW)
    user = User.objects.get(email=NEW["email"])
    assert (user.clinic, user.has_usable_password()) == (cast.clinic, False)
    assert outbox.outbox[0].to == [NEW["email"]]
    assert "http://localhost/account" in outbox.outbox[0].body


@pytest.mark.parametrize(
    ("field", "value"), [("email", "nobody"), ("role", "GOD"), ("name", "")]
)
def test_colleague_who_cannot_be_is_refused(cast: Cast, field, value):
    response = signed_in(cast.ada).post(
        reverse("clinicians:team"), {**NEW, field: value}
    )
    assert response.status_code == 422


def test_address_that_is_taken_is_refused(cast: Cast):
    data = {**NEW, "email": cast.alice.email}
    response = signed_in(cast.ada).post(reverse("clinicians:team"), data)
    assert "has that address already" in response.content.decode()


def test_ending_access_ends_the_session_too(cast: Cast):
    alice = signed_in(cast.alice)
    assert alice.get(reverse("clinicians:queue")).status_code == 200
    url = reverse("clinicians:deactivate", args=[cast.alice.id])
    signed_in(cast.ada).post(url)
    assert alice.get(reverse("clinicians:queue")).status_code == 302

    signed_in(cast.ada).post(reverse("clinicians:reactivate", args=[cast.alice.id]))
    cast.alice.refresh_from_db()
    assert cast.alice.is_active


def test_nobody_ends_their_own_access(cast: Cast):
    url = reverse("clinicians:deactivate", args=[cast.ada.id])
    page = signed_in(cast.ada).post(url, follow=True).content.decode()
    assert "cannot end your own access" in page


@pytest.mark.parametrize("name", ["deactivate", "reactivate", "send-again"])
def test_staff_of_another_clinic_are_not_there(cast: Cast, name):
    url = reverse(f"clinicians:{name}", args=[cast.charlie.id])
    assert signed_in(cast.ada).post(url).status_code == 404


def test_password_link_can_be_sent_again(cast: Cast):
    signed_in(cast.ada).post(reverse("clinicians:send-again", args=[cast.bob.id]))
    assert outbox.outbox[0].to == [cast.bob.email]


@pytest.mark.parametrize("who", ["alice", "sue", "fred", "liv"])
@pytest.mark.parametrize("name", ["team", "settings"])
def test_running_the_clinic_is_for_the_administrator(cast: Cast, who, name):
    response = signed_in(getattr(cast, who)).get(reverse(f"clinicians:{name}"))
    assert response.status_code == 403


def test_settings_are_saved_and_on_record(cast: Cast):
    client, url = signed_in(cast.ada), reverse("clinicians:settings")
    page = client.post(url, SETTINGS, follow=True).content.decode()
    cast.clinic.refresh_from_db()
    assert cast.clinic.ladder[0]["emails"] == ["a@clinic.example", "b@clinic.example"]
    assert cast.clinic.staffed_hours == {"0": [["09:00", "12:30"], ["13:30", "17:00"]]}
    assert cast.clinic.escalate_minutes == 20
    assert cast.clinic.time_zone == "America/Chicago"
    assert cast.clinic.holidays == ["2026-11-26", "2026-12-25"]
    assert cast.clinic.wording_policy == "gated"
    line = AuditEvent.objects.get(kind="CLINIC_CHANGED")
    assert line.detail["escalate_minutes"] == {"from": 30, "to": 20}
    assert line.detail["wording_policy"] == {"from": "approved", "to": "gated"}
    assert line.detail["holidays"]["to"] == ["2026-11-26", "2026-12-25"]
    assert "Saved:" in page


def test_settings_saved_again_change_nothing(cast: Cast):
    client, url = signed_in(cast.ada), reverse("clinicians:settings")
    client.post(url, SETTINGS)
    assert (
        "Nothing changed." in client.post(url, SETTINGS, follow=True).content.decode()
    )
    assert AuditEvent.objects.filter(kind="CLINIC_CHANGED").count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"escalate_minutes": "0"}, "greater than or equal to 1"),
        ({"hours_0": "9-17"}, "Write times as 09:00"),
        ({"hours_0": "17:00-09:00"}, "ends before it begins"),
        ({"hours_0": "always"}, "Write times as 09:00"),
        ({"ladder_team": "nobody"}, "nobody is not an e-mail address"),
        ({"ladder_team": "", "ladder_supervisor": ""}, "somebody must hear"),
        ({"battery": ["asq"]}, "valid choice"),
        ({"time_zone": "Mars/Olympus"}, "valid choice"),
        ({"wording_policy": "anything"}, "valid choice"),
        ({"holidays": "12/25/2026"}, "Write a day as 2026-12-25, not 12/25/2026."),
        ({"holidays": "20261225"}, "Write a day as 2026-12-25, not 20261225."),
        ({"holidays": "2026-02-30"}, "Write a day as 2026-12-25, not 2026-02-30."),
    ],
)
def test_settings_that_would_harm_are_refused(cast: Cast, changes, sentence):
    url = reverse("clinicians:settings")
    response = signed_in(cast.ada).post(url, {**SETTINGS, **changes})
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_settings_page_says_what_each_wording_policy_means(cast: Cast):
    Clinic.objects.update(time_zone="UTC", holidays=["2026-12-25"])
    page = signed_in(cast.ada).get(reverse("clinicians:settings")).content.decode()
    assert "no patient is shown plainer words" in page
    assert "before anybody here has signed it" in page
    assert '<option value="UTC" selected>' in page
    assert "2026-12-25</textarea>" in page
