"""Whoever leaves takes no case with them: each goes back to the team at once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from clinicians import tasks
from clinicians.actions import claim, end_access, leaving, note
from clinicians.workflow import Status
from core.accounts import AccountRefused
from core.models import AuditEvent, Role, User
from core.permissions import PermissionRefused
from screening.domain.rules import Tier
from screening.models import Episode
from tests.cast import NOW, Cast, make_user, signed_in
from tests.clinicians.watching import at, told

LATER = NOW + timedelta(minutes=5)


def in_hand(cast: Cast, tier: Tier = Tier.URGENT, by: str = "alice") -> Episode:
    episode = cast.flagged(tier, due_at=NOW + timedelta(hours=8))
    return claim(episode=episode, by=getattr(cast, by), at=NOW)


@pytest.mark.parametrize("tier", list(Tier))
def test_case_of_who_leaves_is_told_to_the_team(cast: Cast, tier: Tier):
    episode = in_hand(cast, tier)
    note(episode=episode, text="Rang.", by=cast.alice, at=NOW)
    assert end_access(user=cast.alice, by=cast.ada, at=LATER) == 1

    episode.refresh_from_db()
    assert (episode.status, episode.owner) == (Status.OPEN, None)
    assert (episode.next_notice_at, episode.ladder_step) == (LATER, 0)
    tasks.tick(at(LATER))
    assert told() == ["team@clinic.example"]


def test_giving_back_is_on_the_case_and_in_the_log(cast: Cast):
    episode = in_hand(cast)
    end_access(user=cast.alice, by=cast.ada, at=LATER)

    event = episode.events.get(kind="RELEASED")
    assert (event.by, event.detail) == (cast.ada, "Alice Moore has left the clinic.")
    line = AuditEvent.objects.get(kind="CASE_RELEASED")
    assert (line.object_id, line.actor_id) == (str(episode.id), str(cast.ada.id))


def test_cases_of_others_stay_as_they_are(cast: Cast):
    other, free = in_hand(cast, by="bob"), cast.flagged()
    assert end_access(user=cast.alice, by=cast.ada, at=LATER) == 0
    other.refresh_from_db()
    free.refresh_from_db()
    assert (other.owner, free.next_notice_at) == (cast.bob, NOW)


def test_access_and_cases_go_together_or_not_at_all(cast: Cast, monkeypatch):
    in_hand(cast)

    def fails(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(leaving, "leave_trace", fails)
    with pytest.raises(RuntimeError):
        end_access(user=cast.alice, by=cast.ada, at=LATER)
    cast.alice.refresh_from_db()
    assert cast.alice.is_active


@pytest.mark.parametrize("who", ["sue", "charlie"])
def test_access_is_ended_by_the_clinics_administrator_only(cast: Cast, who):
    with pytest.raises(PermissionRefused):
        end_access(user=cast.alice, by=getattr(cast, who), at=LATER)


def test_administrator_of_another_clinic_ends_nothing_here(cast: Cast):
    cast.charlie.role = "ADMINISTRATOR"
    with pytest.raises(PermissionRefused, match="another clinic"):
        end_access(user=cast.alice, by=cast.charlie, at=LATER)


def test_page_says_how_many_cases_went_back(cast: Cast):
    in_hand(cast), in_hand(cast)
    url = reverse("clinicians:deactivate", args=[cast.alice.id])
    page = signed_in(cast.ada).post(url, follow=True).content.decode()
    assert "2 cases are back with the team" in page


def test_nobody_ends_their_own_access(cast: Cast):
    with pytest.raises(AccountRefused, match="your own access"):
        end_access(user=cast.ada, by=cast.ada, at=LATER)


def test_who_was_demoted_meanwhile_demotes_nobody(cast: Cast):
    """The page was asked for by an administrator; by now they are none."""
    other = make_user(cast.clinic, Role.ADMINISTRATOR)
    stale = User.objects.get(pk=other.pk)
    leaving.change_role(user=other, role=Role.CLINICIAN, by=cast.ada, at=NOW)
    for change in (
        lambda: end_access(user=cast.ada, by=stale, at=LATER),
        lambda: leaving.change_role(
            user=cast.ada, role=Role.CLINICIAN, by=stale, at=LATER
        ),
    ):
        with pytest.raises(PermissionRefused):
            change()
    cast.ada.refresh_from_db()
    assert (cast.ada.role, cast.ada.is_active) == (Role.ADMINISTRATOR, True)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_demote_each_other_at_once_one_stays(cast: Cast):
    other = make_user(cast.clinic, Role.ADMINISTRATOR)
    barrier, results = threading.Barrier(2), list[object]()

    def demote(user: User, by: User, note: Callable[[object], None]) -> None:
        barrier.wait()
        try:
            leaving.change_role(user=user, role=Role.CLINICIAN, by=by, at=LATER)
            note("done")
        except (PermissionRefused, OperationalError) as error:
            note(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=demote, args=(user, by, results.append))
        for user, by in ((cast.ada, other), (other, cast.ada))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("done") == 1
    stays = User.objects.filter(clinic=cast.clinic, role=Role.ADMINISTRATOR)
    assert stays.count() == 1
