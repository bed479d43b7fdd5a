"""When a page was opened, signed, so that what was done on it tells how long it took."""

from datetime import UTC, datetime

from django.core import signing
from django.http import QueryDict

from clinicians.definitions import review_policy
from core.models import User
from screening.models import Episode

SALT = "case.opened"


def stamp(row: Episode, user: User, *, at: datetime) -> str:
    """What a form of this case's page carries for this reader."""
    return signing.dumps([str(row.id), str(user.id), int(at.timestamp())], salt=SALT)


def opened_at(given: QueryDict, row: Episode, user: User) -> datetime | None:
    """When this reader opened this case, if the form says so truly."""
    try:
        case, reader, moment = signing.loads(given.get("opened", ""), salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if (case, reader) != (str(row.id), str(user.id)):
        return None
    return datetime.fromtimestamp(moment, tz=UTC)


def seconds_spent(
    given: QueryDict, row: Episode, user: User, *, at: datetime
) -> int | None:
    """Seconds since the page was opened; none for a page that was left lying open."""
    opened = opened_at(given, row, user)
    if opened is None:
        return None
    seconds = int((at - opened).total_seconds())
    longest = review_policy().longest_look * 60
    return seconds if 0 <= seconds <= longest else None
