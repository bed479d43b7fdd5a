"""Notices by webhook: owed beside the mails, sent once, retried, given up, seen."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from clinicians import notify, tasks
from clinicians.actions import claim
from clinicians.actions.notices import claim_due
from clinicians.actions.webhooks import NoSecret, renew_secret, set_webhooks
from clinicians.models import Notice
from core.models import AuditEvent, Clinic
from core.permissions import PermissionRefused
from core.webhook import new_secret
from tests.cast import NOW, Cast
from tests.clinicians.watching import STEP, at, told
from tests.support.receiver import receiving

LATER = timedelta(hours=4)


@pytest.fixture(autouse=True)
def _beside(settings):
    settings.WEBHOOK_LOOPBACK = True


@pytest.fixture
def receiver(cast: Cast):
    with receiving() as receiver:
        listen(cast, receiver.url)
        yield receiver


def listen(cast: Cast, url: str) -> None:
    renew_secret(clinic=cast.clinic, secret=new_secret(), by=cast.ada, at=NOW)
    addresses = {"team": [url]}
    set_webhooks(clinic=cast.clinic, addresses=addresses, by=cast.ada, at=NOW)


def hook() -> Notice:
    return Notice.objects.get(channel="WEBHOOK")


def test_step_tells_people_and_receivers(cast: Cast, receiver):
    episode = cast.flagged(due_at=NOW + LATER)
    tasks.tick(at(NOW))
    tasks.tick(at(NOW + timedelta(minutes=1)))

    assert told() == ["team@clinic.example"]
    ((_, headers, body),) = receiver.got
    assert headers["webhook-id"] == hook().key
    assert (hook().sent_at, hook().next_at, hook().step) == (NOW, None, "team")
    said = json.loads(body)
    assert (said["type"], said["count"]) == ("review.due", 1)
    assert said["by"] == "14:00 America/New_York"
    assert said["summary"] == "1 item needs review by 14:00 EDT"
    for secret in (episode.patient.family_name, "item-9", "PHQ", "URGENT", "suicid"):
        assert secret.lower() not in body.decode().lower()


def test_passing_fault_is_tried_again_with_the_same_id(cast: Cast, receiver):
    receiver.status = 503
    cast.flagged(due_at=NOW + LATER)
    tasks.tick(at(NOW))
    assert hook().next_at == NOW + timedelta(seconds=30)
    assert "503" in hook().last_error

    receiver.status = 200
    tasks.tick(at(NOW + timedelta(seconds=30)))
    first, second = (headers["webhook-id"] for _, headers, _ in receiver.got)
    assert first == second
    assert hook().sent_at is not None
    assert told() == ["team@clinic.example"]


def test_refusal_for_good_is_given_up_and_on_the_case(cast: Cast, receiver):
    receiver.status = 410
    episode = cast.flagged(due_at=NOW + LATER)
    tasks.tick(at(NOW))
    assert hook().failed_at == NOW
    assert episode.events.filter(kind="NOTICE_FAILED", code="team").count() == 1
    episode.refresh_from_db()
    assert episode.next_notice_at == NOW + STEP  # the mail of this step was sent


def test_receiver_alone_that_refuses_makes_the_ladder_climb(cast: Cast, receiver):
    receiver.status = 404
    ladder = Clinic.objects.get(id=cast.clinic.id).ladder
    ladder[0]["emails"] = []
    Clinic.objects.filter(id=cast.clinic.id).update(ladder=ladder)
    cast.flagged(due_at=NOW + LATER)
    tasks.tick(at(NOW))
    tasks.tick(at(NOW + timedelta(seconds=5)))
    assert told() == ["oncall@clinic.example"]


def test_claim_takes_back_what_no_receiver_took(cast: Cast, receiver):
    receiver.status = 503
    episode = cast.flagged(due_at=NOW + LATER)
    tasks.tick(at(NOW))
    claim(episode=episode, by=cast.alice, at=NOW + timedelta(seconds=10))
    tasks.tick(at(NOW + timedelta(minutes=1)))
    assert len(receiver.got) == 1
    assert hook().stopped_at is not None


def test_sender_that_died_sends_again(cast: Cast, receiver, monkeypatch):
    cast.flagged(due_at=NOW + LATER)

    def dies(*_args, **_more):
        raise RuntimeError("pulled the plug")

    with monkeypatch.context() as broken:
        broken.setattr("core.webhook.send_all", dies)
        tasks.tick(at(NOW))
    assert receiver.got == []
    tasks.tick(at(NOW + timedelta(minutes=2)))
    assert len(receiver.got) == 1


def test_slow_receiver_holds_up_no_mail(cast: Cast, receiver, monkeypatch):
    monkeypatch.setattr("core.webhook.send_all.__kwdefaults__", {"deadline": 0.3})
    receiver.delay = 1
    cast.flagged(due_at=NOW + LATER)
    tasks.tick(at(NOW))
    assert told() == ["team@clinic.example"]
    assert "in time" in hook().last_error or "not reached" in hook().last_error


@pytest.mark.parametrize("sealed", ["", "gone.AA.AA"], ids=["none", "lost"])
def test_lost_secret_is_a_passing_fault(cast: Cast, receiver, sealed):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_clinic SET webhook_secret = %s", [sealed])
    cast.flagged(due_at=NOW + LATER)
    tasks.tick(at(NOW))
    assert "secret" in hook().last_error
    assert hook().next_at is not None


def test_receivers_need_a_secret_first(cast: Cast):
    with pytest.raises(NoSecret):
        set_webhooks(
            clinic=cast.clinic,
            addresses={"team": ["https://x.example/"]},
            by=cast.ada,
            at=NOW,
        )


def test_only_the_administrator_sets_them(cast: Cast):
    with pytest.raises(PermissionRefused):
        renew_secret(clinic=cast.clinic, secret="s", by=cast.sue, at=NOW)
    with pytest.raises(PermissionRefused):
        set_webhooks(clinic=cast.clinic, addresses={}, by=cast.alice, at=NOW)


def test_record_has_hosts_and_no_secret(cast: Cast, receiver):
    lines = AuditEvent.objects.filter(kind="CLINIC_CHANGED")
    details = [line.detail for line in lines]
    assert {"webhook_secret": {"renewed": True}} in details
    assert {"webhooks": {"from": {}, "to": {"team": ["127.0.0.1"]}}} in details
    assert "hook" not in str([d.get("webhooks") for d in details])


def test_new_secret_signs_beside_the_last_one_only(cast: Cast):
    for _ in range(3):
        renew_secret(clinic=cast.clinic, secret=new_secret(), by=cast.ada, at=NOW)
    cast.clinic.refresh_from_db()
    assert len(cast.clinic.webhook_secret.split()) == 2


def test_one_clinic_that_cannot_be_told_holds_up_no_other(cast: Cast, receiver):
    cast.flagged(due_at=NOW + LATER)
    tasks.climb_due(at(NOW))
    (well,) = claim_due(at=NOW, channel=Notice.Channel.WEBHOOK)
    (broken,) = Notice.objects.filter(id=well.id).select_related("episode__clinic")
    broken.key, broken.episode.clinic.time_zone = "broken", "Nowhere/None"

    said = notify.deliver_webhooks([broken, well], at=NOW)

    assert said[well.key] is None
    assert not said["broken"].permanent
    assert len(receiver.got) == 1
