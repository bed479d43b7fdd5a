"""Two clinicians of the soak: some cases they close, some they take and forget.

What a case is treated to follows from its id, so that a run can be told again. They
ring the worker's doorbell besides, which nobody has to hear.
"""

import os
import time
import uuid

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.soak.settings")
django.setup()

from django.db import DatabaseError, InterfaceError, close_old_connections  # noqa: E402
from django.utils import timezone  # noqa: E402
from kombu.exceptions import OperationalError  # noqa: E402

from clinicians import actions  # noqa: E402
from clinicians.actions.base import CaseChanged  # noqa: E402
from clinicians.models import ReviewEvent  # noqa: E402
from clinicians.workflow import CloseRefused, MoveRefused  # noqa: E402
from core.models import User  # noqa: E402
from core.tasks import tidy_sessions  # noqa: E402
from screening.models import Episode  # noqa: E402

PAUSE = 0.4
# Of every ten cases: four nobody touches, two are forgotten, two begun, two closed.
FORGOTTEN, BEGUN, CLOSED = (4, 5), (6, 7), (8, 9)
Refused = (CaseChanged, MoveRefused, CloseRefused, actions.ClaimedByOther)


def share(case_id: uuid.UUID) -> int:
    return case_id.int % 10


def claim(episode: Episode, alice: User) -> None:
    actions.claim(episode=episode, by=alice, at=timezone.now())


def begin(episode: Episode, alice: User) -> None:
    claim(episode, alice)
    actions.record_contact(
        episode=episode, outcome="no-answer", text="", by=alice, at=timezone.now()
    )


def close(episode: Episode, alice: User, bob: User) -> None:
    begin(episode, alice)
    episode.refresh_from_db()
    row = actions.close(
        episode=episode,
        seen_version=episode.version,
        disposition="follow-up",
        note="Talked it over.",
        by=alice,
        at=timezone.now(),
    )
    if row.status == Episode.Status.TO_CONFIRM:
        row.refresh_from_db()
        actions.confirm_close(
            episode=row,
            seen_version=row.version,
            note="",
            by=bob,
            at=timezone.now(),
        )


def work() -> None:
    """Look through the queue once."""
    alice, bob = User.objects.order_by("email")
    touched = ReviewEvent.objects.filter(kind=ReviewEvent.Kind.ACKNOWLEDGED)
    queue = Episode.objects.filter(status=Episode.Status.OPEN)
    queue = queue.exclude(id__in=touched.values("episode_id"))
    for episode in queue:
        try:
            treat(episode, alice, bob)
        except Refused:
            pass  # somebody was quicker, or a flag joined: looked at again


def treat(episode: Episode, alice: User, bob: User) -> None:
    if share(episode.id) in FORGOTTEN:
        claim(episode, alice)
    elif share(episode.id) in BEGUN:
        begin(episode, alice)
    elif share(episode.id) in CLOSED:
        close(episode, alice, bob)


def main() -> None:
    while True:
        try:
            work()
        except (DatabaseError, InterfaceError):
            close_old_connections()
        try:
            tidy_sessions.apply_async(retry=False)
        except OperationalError:
            pass
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
