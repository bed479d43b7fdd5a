"""The queue renews itself: nothing when nothing changed, else just what the page shows."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from clinicians.actions import claim
from core.models import SystemHeartbeat
from tests.cast import Cast, make_flag, make_screening, signed_in

URL = "clinicians:queue"
LIVE = "clinicians:live"
# In the middle of five minutes, so that no test straddles two.
AT = datetime(2026, 9, 15, 14, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    class Clock:
        at = AT

    monkeypatch.setattr("django.utils.timezone.now", lambda: Clock.at)
    return Clock


@pytest.fixture(autouse=True)
def _alive(db):
    SystemHeartbeat.objects.create(name="watch", at=AT)


def part(page: str, start: str, end: str) -> str:
    """What stands between; without the tokens that differ in every answer."""
    found = page[page.index(start) :]
    found = found[: found.index(end)]
    return re.sub(r'value="[^"]{64}"', "", found)


def asks(page: str) -> str:
    """The address that the page asks for every half minute."""
    return unescape(re.findall(r'data-hx-get="([^"]+)"', page)[0])


def both(client, query: str = "") -> tuple[str, str]:
    page = client.get(reverse(URL) + query).content.decode()
    fragment = client.get(asks(page).partition("&seen=")[0]).content.decode()
    return page, fragment


@pytest.mark.parametrize("query", ["", "?tier=URGENT", "?owner=mine", "?tier=ROUTINE"])
@pytest.mark.parametrize("who", ["alice", "ada"])
def test_fragment_is_what_the_page_shows(cast: Cast, who, query):
    for _ in range(3):
        cast.flagged(due_at=AT + timedelta(hours=2))
    page, fragment = both(signed_in(getattr(cast, who)), query)
    list_ = ('<div class="stack" id="queue-live"', '<details class="details" id="queue')
    frame = '<div id="frame-banners"'
    shown = part(page, *list_).strip()
    assert part(fragment, list_[0], frame).strip() == shown
    count = '<span class="frame" id="frame-count">'
    assert part(page, count, "</span>").removeprefix(count) in fragment
    assert "<html" not in fragment


def test_nothing_is_answered_while_nothing_changed(cast: Cast, clock):
    cast.flagged(due_at=AT + timedelta(hours=2))
    client = signed_in(cast.alice)
    url = asks(client.get(reverse(URL)).content.decode())
    clock.at = AT + timedelta(seconds=60)
    SystemHeartbeat.objects.update(at=clock.at)
    answer = client.get(url)
    assert (answer.status_code, answer.content) == (204, b"")


def joined(cast: Cast, episode) -> None:
    make_flag(episode, make_screening(episode.patient))


def new(cast: Cast, episode) -> None:
    cast.flagged()


def claimed(cast: Cast, episode) -> None:
    claim(episode=episode, by=cast.bob, at=AT)


def silent(cast: Cast, episode) -> None:
    SystemHeartbeat.objects.update(at=AT - timedelta(hours=1))


@pytest.mark.parametrize("happens", [joined, new, claimed, silent])
def test_what_happens_is_answered(cast: Cast, happens):
    episode = cast.flagged(due_at=AT + timedelta(hours=2))
    client = signed_in(cast.alice)
    url = asks(client.get(reverse(URL)).content.decode())
    happens(cast, episode)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("later", [timedelta(minutes=5), timedelta(hours=2, minutes=1)])
def test_words_of_time_do_not_grow_old(cast: Cast, clock, later):
    cast.flagged(due_at=AT + timedelta(hours=2))
    client = signed_in(cast.alice)
    url = asks(client.get(reverse(URL)).content.decode())
    clock.at = AT + later
    SystemHeartbeat.objects.update(at=clock.at)
    client = signed_in(cast.alice)  # the old session may have ended
    assert client.get(url).status_code == 200


def test_asking_alone_keeps_no_session_alive(cast: Cast, clock, settings):
    cast.flagged()
    client = signed_in(cast.alice)
    url = asks(client.get(reverse(URL)).content.decode())
    for minute in range(1, 31):
        clock.at = AT + timedelta(minutes=minute)
        client.get(url)
    clock.at = AT + timedelta(minutes=31)
    answer = client.get(url)
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_asking_costs_as_much_for_many_rows(cast: Cast, django_assert_num_queries):
    client = signed_in(cast.alice)
    url = asks(client.get(reverse(URL)).content.decode())
    client.get(url)
    for _ in range(5):
        cast.flagged()
        with django_assert_num_queries(11):
            client.get(url)


def test_closed_list_does_not_ask(cast: Cast):
    page = signed_in(cast.alice).get(f"{reverse(URL)}?list=closed").content.decode()
    assert "data-hx-get" not in page
    assert "Refresh</a>" in page


@pytest.mark.parametrize("who", ["fred", "liv"])
@pytest.mark.parametrize("name", [LIVE, "clinicians:keys"])
def test_live_queue_is_closed_to_other_roles(cast: Cast, who, name):
    client = signed_in(getattr(cast, who))
    ask = client.get if name == LIVE else client.post
    assert ask(reverse(name)).status_code == 403


def test_live_queue_of_another_clinic_is_not_seen(cast: Cast):
    episode = cast.flagged()
    page = signed_in(cast.charlie).get(reverse(LIVE)).content.decode()
    assert str(episode.id) not in page
    assert "Nothing is waiting" in page


def test_live_queue_is_kept_out_of_caches(cast: Cast):
    assert signed_in(cast.alice).get(reverse(LIVE))["Cache-Control"] == "no-store"


def test_keys_are_turned_off_and_on_again(cast: Cast):
    client, url = signed_in(cast.alice), reverse("clinicians:keys")
    assert "data-off" not in client.get(reverse(URL)).content.decode()
    page = client.post(url, {"off": "1"}, follow=True).content.decode()
    assert "data-off" in page
    assert "Single keys are off" in page
    assert "data-off" not in client.post(url, follow=True).content.decode()
    assert client.get(url).status_code == 405
