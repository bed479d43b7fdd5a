"""A patient who asks to be called is in front of a person at once, and once."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import audit
from core.models import AuditEvent, User
from screening import actions
from screening.models import Episode, Screening
from tests.screening.conftest import ITEM_9, NOW, Walk


def ask(walking: Walk, number: str = "", *, minutes: int = 0) -> Screening:
    return actions.ask_for_call(
        screening_id=walking.screening.id,
        callback_number=number,
        at=NOW + timedelta(minutes=minutes),
    )


def closed(walking: Walk) -> None:
    owner = User.objects.create_user(
        email="alice@example.org",
        role="CLINICIAN",
        clinic=walking.screening.clinic,
        created_at=NOW,
    )
    Episode.objects.update(status="ACKNOWLEDGED", owner=owner)
    for status in ("IN_PROGRESS", "CLOSED"):
        Episode.objects.update(status=status)


def test_request_is_flagged_whether_or_not_there_is_a_number(walking: Walk):
    ask(walking)
    assert walking.flags() == ["call-asked"]
    episode = walking.episode()
    assert (episode.tier, episode.status) == ("URGENT", Episode.Status.OPEN)
    assert episode.next_notice_at == NOW


def test_asked_again_while_it_waits_is_the_same_request(walking: Walk):
    ask(walking)
    ask(walking, "202-555-0143", minutes=5)
    assert walking.flags() == ["call-asked"]
    waiting = actions.call_waiting(walking.screening)
    assert waiting == actions.AskedCall("URGENT", NOW)
    assert Screening.objects.get().callback_number == "202-555-0143"


def test_empty_number_takes_none_away(walking: Walk):
    ask(walking, "202-555-0143")
    ask(walking, "", minutes=1)
    assert Screening.objects.get().callback_number == "202-555-0143"


def test_asked_after_the_case_was_closed_is_a_new_request(walking: Walk):
    ask(walking)
    closed(walking)
    assert actions.call_waiting(walking.screening) is None
    ask(walking, minutes=60)
    assert walking.flags() == ["call-asked", "call-asked"]
    assert Episode.objects.exclude(status=Episode.Status.CLOSED).count() == 1


def test_request_lowers_nothing_that_is_open(walking: Walk):
    walking.tap(ITEM_9, 3)
    before = walking.episode()
    ask(walking, minutes=30)
    after = walking.episode()
    assert (after.tier, after.value_rank) == (before.tier, 3)
    assert after.due_at <= before.due_at


def test_request_counts_after_the_submit_too(walking: Walk):
    walking.answer_all()
    walking.submit()
    ask(walking, minutes=90)
    assert "call-asked" in walking.flags()


def test_request_and_number_are_on_record_without_the_number(walking: Walk):
    ask(walking, "202-555-0143")
    kinds = list(AuditEvent.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds[-3:] == ["CALL_ASKED", "FLAG_RAISED", "CONTACT_GIVEN"]
    assert "0143" not in str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert not audit.verify_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT callback_number FROM screening_screening")
        assert "0143" not in str(cursor.fetchone()[0])


def test_request_is_one_short_transaction(walking: Walk):
    with CaptureQueriesContext(
        connection,
    ) as made:
        ask(walking, "202-555-0143")
    own = [q for q in made if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(own) <= 12
