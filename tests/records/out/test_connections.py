"""Administrators set up connections, see what became of each result, and send again."""

import pytest
from django.urls import reverse

from core.models import AuditEvent
from records.models import Delivery, Destination
from records.workflow import State
from tests.cast import signed_in
from tests.records.rows import AT, make_patient

pytestmark = pytest.mark.django_db
NEW = {
    "kind": "FHIR",
    "name": "Hospital",
    "address": "https://ehr.example.org/fhir",
    "secret": "a-token",
    "since": "now",
    "understood": "on",
}


@pytest.fixture
def ada(leaving):
    return signed_in(leaving.ada)


@pytest.fixture(autouse=True)
def _asked_a_moment_ago(monkeypatch):
    monkeypatch.setattr("core.views.is_recent", lambda _request: True)


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def test_connection_is_set_up_with_its_token_sealed(leaving, ada):
    response = ada.post(url("new-connection"), NEW, follow=True)
    assert "Results go to Hospital from now on." in text(response)
    row = Destination.objects.get()
    assert (row.address, row.secret) == (NEW["address"], "a-token")
    assert "a-token" not in text(response)
    event = AuditEvent.objects.get(kind="DESTINATION_CREATED")
    assert event.detail["host"] == "ehr.example.org"
    assert "a-token" not in str(event.detail)
    again = ada.post(url("new-connection"), NEW)
    assert again.status_code == 422
    assert "a connection named Hospital already" in text(again)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"understood": ""}, "tick the box"),
        ({"address": ""}, "begins with https://"),
        ({"address": "https://[fhir"}, "This is no address."),
        ({"address": "https://10.0.0.8/fhir"}, "RECORDS_HOSTS"),
        ({"address": "http://ehr.example.org"}, ">The address begins with https://"),
        ({"kind": "HL7_MLLP", "secret": ""}, "begins with mllps://"),
        ({"kind": "CSV_FILE", "secret": ""}, "Leave it empty"),
        ({"kind": "WEBHOOK"}, "Only a FHIR server has a token"),
        ({"kind": "HL7_MLLP", "address": "mllp://ehr:1", "secret": ""}, "mllps://"),
    ],
)
def test_what_cannot_be_is_said(ada, change, said):
    response = ada.post(url("new-connection"), {**NEW, **change})
    assert response.status_code == 422
    assert said in text(response)
    assert not Destination.objects.exists()


def test_webhook_on_ones_own_network_is_refused_without_false_hope(ada):
    """RECORDS_HOSTS opens the own network for records systems, not for webhooks."""
    change = {"kind": "WEBHOOK", "secret": "", "address": "https://10.0.0.8/"}
    said = text(ada.post(url("new-connection"), {**NEW, **change}))
    assert "Sent to a public address only." in said
    assert "RECORDS_HOSTS" not in said


def test_webhooks_secret_is_made_here_and_shown_once(leaving, ada):
    given = {**NEW, "kind": "WEBHOOK", "secret": "", "since": "ever"}
    response = ada.post(url("new-connection"), given)
    row = Destination.objects.get()
    assert row.secret.startswith("whsec_")
    assert row.secret in text(response)
    assert "the first one there is" in text(response)
    assert row.since_at.year == 2000
    page = ada.get(url("connection", row.id))
    assert row.secret not in text(page)
    first = row.secret
    renewed = ada.post(url("connection-secret", row.id))
    row.refresh_from_db()
    assert row.secret.split()[1] == first
    assert row.secret.split()[0] in text(renewed)


def stuck(leaving, state=State.DEAD, **more):
    place = leaving.place("CSV_FILE", name="Archive")
    administration = leaving.result(make_patient(leaving.clinic, number="778899"))
    return Delivery.objects.create(
        destination=place,
        patient=administration.screening.patient,
        administration=administration,
        version=1,
        state=state,
        caused_at=AT,
        created_at=AT,
        tries=22,
        last_error="The receiver answered 500.",
        **more,
    )


def test_dead_letter_is_seen_everywhere_and_sent_again(leaving, ada):
    row = stuck(leaving)
    place = row.destination
    listed = text(ada.get(url("connections")))
    assert "Results for another system were refused or given up." in listed
    page = text(ada.get(url("connection", place.id)))
    assert "Given up" in page
    assert "The receiver answered 500. Tried 22 times." in page
    for word in ("778899", "Doe"):
        assert word not in page
    ada.post(url("resend", row.id))
    row.refresh_from_db()
    assert (row.state, row.tries) == ("DUE", 0)
    again = ada.post(url("resend", row.id), follow=True)
    assert "on its way already" in text(again)
    nothing = ada.post(url("resend-stuck", place.id), follow=True)
    assert "nothing to send again" in text(nothing)
    assert "refused or given up." not in text(ada.get(url("connections")))


def test_ending_needs_a_tick_and_is_final(leaving, ada):
    row = stuck(leaving, State.DUE, next_at=AT)
    place = row.destination
    assert ada.post(url("end-connection", place.id)).status_code == 422
    page = text(
        ada.post(url("end-connection", place.id), {"understood": "on"}, follow=True)
    )
    assert "1 delivery was stopped" in page
    assert "This connection has ended." in page
    tried = text(ada.post(url("try-connection", place.id), follow=True))
    assert "This connection has ended." in tried
    row.refresh_from_db()
    assert row.state == "STOPPED"


def test_receiver_that_waits_is_tried_at_once(leaving, ada):
    row = stuck(leaving, State.DUE, next_at=AT)
    place = row.destination
    Destination.objects.filter(id=place.id).update(
        retry_at=AT, failures=3, last_error="The receiver was not reached."
    )
    page = text(ada.get(url("connection", place.id)))
    assert "Everything for this system waits" in page
    ada.post(url("try-connection", place.id))
    place.refresh_from_db()
    assert (place.retry_at, place.failures) == (None, 0)
