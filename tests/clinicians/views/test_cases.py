"""A case page: everything on it, and each act for the right person, the wrong one, a stranger."""

import re

import pytest
from django.urls import reverse

from clinicians.actions import claim, close, record_contact
from clinicians.workflow import Status
from core.models import AuditEvent
from screening.domain.rules import Tier
from screening.models import Administration, Answer, Episode, Score, Turn
from tests.cast import NOW, Cast, make_episode, signed_in

ACTS = [
    *("claim", "release", "note", "contact"),
    *("close", "confirm", "decline", "reopen"),
]


def url(name: str, episode: Episode) -> str:
    return reverse(f"clinicians:{name}", args=[episode.id])


def answered(episode: Episode) -> Administration:
    """The flagged sitting, with one item said in words, then changed by a tap."""
    part = Administration.objects.get(screening__flags__episode=episode)
    item = part.instrument.items[0]
    turn = Turn.objects.create(
        screening=part.screening,
        administration=part,
        link_id=item.link_id,
        key="1",
        kind=Turn.Kind.WORDS,
        words="most mornings <b>really</b>",
        outcome={"to": "confirm", "values": [2]},
        at=NOW,
    )
    for seq, value, origin in ((1, 2, "CONFIRMED"), (2, 1, "TAPPED")):
        Answer.objects.create(
            screening=part.screening,
            administration=part,
            seq=seq,
            link_id=item.link_id,
            value=value,
            origin=origin,
            turn=turn,
            seconds=7,
            at=NOW,
        )
    return part


def scored(part: Administration) -> None:
    Score.objects.create(
        administration=part,
        clinic=part.screening.clinic,
        patient=part.screening.patient,
        instrument_id="phq-9",
        total=12,
        band="Moderate",
        complete=True,
        at_cut=True,
        detail={
            "band": part.instrument.bands[2].label,
            "missing": [],
            "algorithm": None,
        },
        at=NOW,
    )


def test_case_shows_what_was_said_and_how_it_became_an_answer(cast: Cast):
    episode = cast.flagged()
    answered(episode)
    page = signed_in(cast.alice).get(url("case", episode)).content.decode()
    assert "most mornings &lt;b&gt;really&lt;/b&gt;" in page
    assert "We asked if we had understood it right: More than half the days (2)" in page
    assert "Tapped by the patient" in page
    assert "Before: More than half the days (2). Typed, then confirmed" in page
    assert "7 s on the page" in page


def test_case_shows_the_score_with_its_sources(cast: Cast):
    episode = cast.flagged()
    part = answered(episode)
    scored(part)
    page = signed_in(cast.alice).get(url("case", episode)).content.decode()
    assert "<strong>12</strong>" in page
    assert part.instrument.bands[2].label in page
    assert "At or above the cut of 10" in page
    assert "All items were answered." in page


def test_case_without_a_submit_says_so(cast: Cast):
    page = signed_in(cast.alice).get(url("case", cast.flagged())).content.decode()
    assert "Not submitted, so not scored" in page


def test_case_carries_two_identifiers(cast: Cast):
    episode = cast.flagged()
    page = signed_in(cast.alice).get(url("case", episode)).content.decode()
    assert "14 Mar 1985" in page
    assert episode.patient.identifiers.get().value in page


def test_looking_is_on_record_and_shown(cast: Cast):
    episode = cast.flagged()
    signed_in(cast.bob).get(url("case", episode))
    line = AuditEvent.objects.get(kind="CASE_VIEWED")
    assert (line.actor_id, line.object_id) == (str(cast.bob.id), str(episode.id))
    page = signed_in(cast.alice).get(url("case", episode)).content.decode()
    assert "Bob Stone" in page


def test_case_asks_the_database_within_its_budget(
    cast: Cast, django_assert_max_num_queries
):
    episode = cast.flagged()
    answered(episode)
    client = signed_in(cast.alice)
    client.get(url("case", episode))
    with django_assert_max_num_queries(30):
        client.get(url("case", episode))


def test_case_of_another_clinic_is_not_there(cast: Cast):
    assert signed_in(cast.charlie).get(url("case", cast.flagged())).status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_act_of_a_stranger_finds_nothing(cast: Cast, act):
    cast.charlie.role = "SUPERVISOR"
    cast.charlie.save()
    client = signed_in(cast.charlie)
    assert client.post(url(act, cast.flagged())).status_code == 404


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["ada", "fred", "liv"])
def test_act_is_closed_to_other_roles(cast: Cast, act, who):
    client = signed_in(getattr(cast, who))
    assert client.post(url(act, cast.flagged())).status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_act_is_never_a_get(cast: Cast, act):
    assert signed_in(cast.sue).get(url(act, cast.flagged())).status_code == 405


def test_claim_leads_to_the_case(cast: Cast):
    episode = cast.flagged()
    response = signed_in(cast.alice).post(url("claim", episode), follow=True)
    assert "This case is yours" in response.content.decode()


def test_claim_too_late_says_who_was_first(cast: Cast):
    episode = cast.flagged()
    claim(episode=episode, by=cast.bob, at=NOW)
    response = signed_in(cast.alice).post(url("claim", episode))
    assert response.status_code == 409
    assert "Bob Stone has claimed this case." in response.content.decode()


def test_note_and_contact_are_on_the_timeline(cast: Cast):
    episode, client = cast.flagged(), signed_in(cast.alice)
    client.post(url("claim", episode))
    client.post(url("note", episode), {"text": "Rang her sister."})
    client.post(url("contact", episode), {"outcome": "no-answer", "text": ""})
    page = client.get(url("case", episode)).content.decode()
    assert "Rang her sister." in page
    assert "Tried; no answer" in page
    assert "In progress" in page


@pytest.mark.parametrize(
    ("act", "data"), [("note", {}), ("contact", {}), ("close", {})]
)
def test_empty_form_comes_back_with_what_is_missing(cast: Cast, act, data):
    response = signed_in(cast.alice).post(url(act, cast.flagged()), data)
    assert response.status_code == 422


def in_hand(cast: Cast, **fields) -> Episode:
    episode = claim(episode=cast.flagged(**fields), by=cast.alice, at=NOW)
    record_contact(episode=episode, outcome="spoke", text="", by=cast.alice, at=NOW)
    episode.refresh_from_db()
    return episode


def test_close_takes_the_case_from_the_queue(cast: Cast):
    episode = in_hand(cast, tier=Tier.HIGH)
    data = {"version": episode.version, "disposition": "follow-up", "note": "Friday."}
    response = signed_in(cast.alice).post(url("close", episode), data, follow=True)
    episode.refresh_from_db()
    assert episode.status == Status.CLOSED
    assert "Nothing is waiting" in response.content.decode()


def test_close_without_a_note_keeps_what_was_chosen(cast: Cast):
    episode = in_hand(cast)
    data = {"version": episode.version, "disposition": "follow-up", "note": ""}
    response = signed_in(cast.alice).post(url("close", episode), data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Write a note" in page
    chosen = re.search(r'<input[^>]*value="follow-up"[^>]*>', page)
    assert chosen is not None
    assert "checked" in chosen[0]


def test_close_of_a_case_that_changed_shows_it_anew(cast: Cast):
    episode = in_hand(cast)
    data = {"version": 0, "disposition": "follow-up", "note": "Called at nine."}
    response = signed_in(cast.alice).post(url("close", episode), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "has changed since you opened it" in page
    assert "Called at nine." in page
    assert f'name="version" value="{episode.version}"' in page


def test_urgent_case_is_closed_by_two(cast: Cast):
    episode = in_hand(cast)
    data = {"version": episode.version, "disposition": "follow-up", "note": "Friday."}
    response = signed_in(cast.alice).post(url("close", episode), data, follow=True)
    assert "A colleague has to confirm" in response.content.decode()
    assert url("confirm", episode) not in response.content.decode()
    bob = signed_in(cast.bob)
    page = bob.get(url("case", episode)).content.decode()
    assert "Alice Moore proposed to close this case" in page
    assert "Friday." in page
    episode.refresh_from_db()
    data = {"version": episode.version, "note": ""}
    assert bob.post(url("confirm", episode), data).status_code == 302
    episode.refresh_from_db()
    assert episode.status == Status.CLOSED


def test_second_person_sends_it_back(cast: Cast):
    episode = in_hand(cast)
    data = {"version": episode.version, "disposition": "follow-up", "note": "Friday."}
    signed_in(cast.alice).post(url("close", episode), data)
    bob = signed_in(cast.bob)
    assert bob.post(url("decline", episode), {"reason": ""}).status_code == 409
    assert bob.post(url("decline", episode), {"reason": "Not yet"}).status_code == 302
    episode.refresh_from_db()
    assert episode.status == Status.IN_PROGRESS


@pytest.mark.parametrize("data", [{}, {"version": "x"}, {"version": "0"}])
def test_confirm_of_nothing_is_refused(cast: Cast, data):
    response = signed_in(cast.bob).post(url("confirm", in_hand(cast)), data)
    assert response.status_code in (409, 422)


def closed(cast: Cast) -> Episode:
    episode = in_hand(cast, tier=Tier.HIGH)
    return close(
        episode=episode,
        seen_version=episode.version,
        disposition="follow-up",
        note="Friday.",
        by=cast.alice,
        at=NOW,
    )


def test_reopen_beside_an_open_case_leads_there(cast: Cast):
    episode = closed(cast)
    other = make_episode(episode.patient)
    response = signed_in(cast.sue).post(url("reopen", episode), {"reason": "x"})
    assert response.status_code == 409
    assert f'<a href="{url("case", other)}">' in response.content.decode()


def test_reopen_is_for_a_supervisor(cast: Cast):
    episode = closed(cast)
    data = {"reason": "She rang again."}
    assert signed_in(cast.alice).post(url("reopen", episode), data).status_code == 403
    assert signed_in(cast.sue).post(url("reopen", episode), data).status_code == 302
    episode.refresh_from_db()
    assert episode.status == Status.OPEN


def test_release_is_shown_to_the_owner_only(cast: Cast):
    episode = claim(episode=cast.flagged(), by=cast.alice, at=NOW)
    assert (
        "Give it back"
        in signed_in(cast.alice).get(url("case", episode)).content.decode()
    )
    assert (
        "Give it back"
        not in signed_in(cast.bob).get(url("case", episode)).content.decode()
    )
    response = signed_in(cast.alice).post(url("release", episode), {"reason": ""})
    assert response.status_code == 302
