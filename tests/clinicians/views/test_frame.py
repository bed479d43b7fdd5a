"""What the frame says on every clinician page: unowned urgent cases, alarms, silence."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from clinicians import tasks
from clinicians.actions import claim
from clinicians.workflow import TOP, Status
from core.models import SystemHeartbeat
from screening.domain.rules import Tier
from tests.cast import NOW, Cast, signed_in
from tests.clinicians.watching import STEP, at, told

COUNT = "1 urgent without an owner"
LADDER_END = "gone up the whole ladder"
SILENT = "the safety loop has stopped"


def plain_pages() -> Iterator[str]:
    """Every address of the clinicians' pages that needs no id."""
    patterns = get_resolver("clinicians.urls").url_patterns
    for pattern in patterns:
        if "<" not in str(pattern.pattern):
            yield reverse(f"clinicians:{pattern.name}")


def pages_of(client) -> dict[str, str]:
    """Those that this person can look at, with what they show."""
    looked = {url: client.get(url) for url in plain_pages()}
    shown = {
        url: answer.content.decode()
        for url, answer in looked.items()
        if answer.status_code == 200 and "</title>" in answer.content.decode()
    }
    assert len(shown) >= 5
    return shown


@pytest.mark.parametrize("who", ["alice", "sue", "ada"])
def test_unowned_urgent_count_is_in_header_and_title_of_every_page(cast: Cast, who):
    cast.flagged()
    cast.flagged(Tier.ROUTINE)
    claim(episode=cast.flagged(), by=cast.bob, at=NOW)
    for url, page in pages_of(signed_in(getattr(cast, who))).items():
        assert COUNT in page, url
        assert "<title>(1) " in page, url


def test_case_page_has_the_count_too(cast: Cast):
    episode = cast.flagged()
    url = reverse("clinicians:case", args=[episode.id])
    page = signed_in(cast.alice).get(url).content.decode()
    assert COUNT in page
    assert "<title>(1) " in page


def test_claim_that_leads_nowhere_climbs_to_the_banner_on_every_page(cast: Cast):
    """From an acknowledgement to the top: nobody acts, and nothing falls silent."""
    began = timezone.now()
    episode = claim(
        episode=cast.flagged(due_at=began + timedelta(hours=8)), by=cast.alice, at=began
    )
    client = signed_in(cast.bob)
    moment = began + timedelta(minutes=60)
    for _ in range(TOP):
        tasks.tick(at(moment))
        moment += STEP
    episode.refresh_from_db()
    assert (episode.status, episode.ladder_step) == (Status.OPEN, TOP)
    assert told() == [
        cast.alice.email,
        "team@clinic.example",
        "oncall@clinic.example",
        "boss@clinic.example",
    ]
    for url, page in pages_of(client).items():
        assert LADDER_END in page, url


@pytest.mark.parametrize("apart", [timedelta(seconds=90), -timedelta(seconds=90)])
def test_late_loop_is_on_every_page_and_fails_readiness(cast: Cast, client, apart):
    SystemHeartbeat.objects.create(name="watch", at=timezone.now() - apart)
    for url, page in pages_of(signed_in(cast.alice)).items():
        assert SILENT in page, url
    assert client.get("/readyz").status_code == 503

    tasks.beat(timezone.now())
    assert client.get("/readyz").status_code == 200
    assert SILENT not in signed_in(cast.alice).get("/staff/").content.decode()
