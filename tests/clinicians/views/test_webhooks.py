"""The page for webhooks: a secret shown once, receivers checked, faults in sight."""

import re

import pytest
from django.urls import reverse

from clinicians.models import Notice
from core.models import AuditEvent
from tests.cast import NOW, Cast, signed_in
from tests.clinicians.views.settings_page import fill

PAGE = "clinicians:webhooks"
SECRET = "clinicians:webhook-secret"
GOOD = {"team": "https://hooks.clinic.example/a\nhttps://b.example/"}


def make_secret(cast: Cast) -> str:
    page = signed_in(cast.ada).post(reverse(SECRET)).content.decode()
    return str(re.findall(r"whsec_[\w+/=]+", page)[0])


def test_secret_is_shown_once(cast: Cast):
    secret = make_secret(cast)
    cast.clinic.refresh_from_db()
    assert cast.clinic.webhook_secret == secret
    page = signed_in(cast.ada).get(reverse(PAGE)).content.decode()
    assert "whsec_" not in page
    assert make_secret(cast) != secret


def test_receivers_are_kept_through_a_change_of_settings(cast: Cast):
    make_secret(cast)
    client = signed_in(cast.ada)
    page = client.post(reverse(PAGE), GOOD, follow=True).content.decode()
    assert "Saved." in page
    typed = {"team_0": "a@clinic.example", "team_1": "b@clinic.example"}
    assert fill(client, "escalation", **typed).status_code == 302
    cast.clinic.refresh_from_db()
    assert cast.clinic.ladder[0] == {
        "step": "team",
        "emails": ["a@clinic.example", "b@clinic.example"],
        "webhooks": ["https://hooks.clinic.example/a", "https://b.example/"],
    }
    assert "hooks.clinic.example/a" not in str(
        list(AuditEvent.objects.values_list("detail", flat=True))
    )
    again = client.post(reverse(PAGE), GOOD, follow=True).content.decode()
    assert "Nothing changed." in again


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("http://clinic.example/", "begins with https://"),
        ("https://10.0.0.1/", "public address only"),
        ("https://intranet/", "whole public name"),
        ("\n".join(f"https://h{n}.example/" for n in range(6)), "At most 5"),
    ],
)
def test_receiver_that_cannot_be_is_refused(cast: Cast, typed, sentence):
    make_secret(cast)
    response = signed_in(cast.ada).post(reverse(PAGE), {"team": typed})
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_receiver_before_the_secret_is_refused(cast: Cast):
    response = signed_in(cast.ada).post(reverse(PAGE), GOOD)
    assert response.status_code == 422
    assert "Make a signing secret first" in response.content.decode()


@pytest.mark.parametrize("who", ["alice", "sue", "fred", "liv"])
@pytest.mark.parametrize("name", [PAGE, SECRET])
def test_webhooks_are_for_the_administrator(cast: Cast, who, name):
    client = signed_in(getattr(cast, who))
    assert client.post(reverse(name)).status_code == 403


def test_secret_is_not_made_by_a_look(cast: Cast):
    assert signed_in(cast.ada).get(reverse(SECRET)).status_code == 405


def owed(cast: Cast, key: str, **fields) -> None:
    given = {"round": 0, "step": "team", "created_at": NOW, "channel": "WEBHOOK"}
    url = "https://hooks.clinic.example/secret-path"
    Notice.objects.create(
        episode=cast.flagged(), key=key, **{"recipient": url, **given, **fields}
    )


def test_page_says_what_became_of_each(cast: Cast):
    owed(cast, "1", sent_at=NOW)
    owed(cast, "2", failed_at=NOW, last_error="The receiver answered 410.")
    owed(cast, "3", next_at=NOW, attempts=2, last_error="Not reached.")
    owed(cast, "4", stopped_at=NOW)
    owed(cast, "5", next_at=NOW)
    page = signed_in(cast.ada).get(reverse(PAGE)).content.decode()
    for words in (
        "Accepted ",
        "Given up. The receiver answered 410.",
        "Attempt 2 failed: Not reached.",
        "Not needed any more",
        "On its way",
        "hooks.clinic.example",
    ):
        assert words in page
    assert "secret-path" not in page


def test_failing_webhook_is_on_every_page_of_the_administrator(cast: Cast):
    text = "Notices by webhook do not get through"
    owed(cast, "3", next_at=NOW, attempts=2, last_error="Not reached.")
    team = reverse("clinicians:patients")
    assert text in signed_in(cast.ada).get(team).content.decode()
    assert text not in signed_in(cast.alice).get(team).content.decode()


def test_webhooks_of_another_clinic_are_not_seen(cast: Cast):
    owed(cast, "1", sent_at=NOW)
    other = cast.charlie
    other.role = "ADMINISTRATOR"
    other.save()
    page = signed_in(other).get(reverse(PAGE)).content.decode()
    assert "hooks.clinic.example" not in page
