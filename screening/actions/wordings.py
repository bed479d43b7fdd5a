"""Every write on a clinic's wording library: propose, sign, retire, veto.

Whether a text passes the checks is told to these functions: the checks stand beside the
model, and no write may reach that.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from core.models import Clinic, Role, User
from core.permissions import Permission
from screening.actions.wording_rows import (
    Kind,
    WordingRefused,
    approve,
    check_staff,
    create,
    lock,
    move,
    signed_by,
    trace,
)
from screening.domain.wordings import (
    Draft,
    MoveRefused,
    Part,
    State,
    approved_by,
    check_move,
    same_words,
)
from screening.models import ModelCall, Wording, WordingSignOff


class AlreadyThere(WordingRefused):
    """The clinic has this very text."""


class Vetoed(AlreadyThere):
    """The clinic vetoed this text, in whatever spelling."""


@dataclass(frozen=True, slots=True)
class SignedMany:
    """How many signatures were new, and why which texts were not signed."""

    count: int
    refused: Sequence[tuple[Draft, str]]


def role_of(user: User) -> str:
    """In whose name somebody signs: it follows from who they are."""
    if user.role == Role.LIVED_EXPERIENCE:
        return WordingSignOff.Role.LIVED_EXPERIENCE
    return WordingSignOff.Role.CLINICIAN


@transaction.atomic
def propose(
    *,
    clinic: Clinic,
    draft: Draft,
    by: User | None,
    at: datetime,
    replaces: Wording | None = None,
) -> Wording:
    """Keep a new text as the next version under its key; signatures start anew.

    Raises AlreadyThere for a text that the clinic has, and Vetoed for one it vetoed.
    """
    check_staff(by, Permission.PROPOSE_WORDINGS, clinic)
    lock(clinic)
    for row in _alike(clinic, draft.concept, draft.language):
        if row.state == State.VETOED and same_words(row.text, draft.text):
            raise Vetoed("This text was vetoed. It cannot be proposed again.")
        if (row.key, row.checksum) == (draft.key, draft.checksum):
            raise AlreadyThere("This very text is in the library already.")
    return create(clinic, draft, by=by, at=at, replaces=replaces)


@transaction.atomic
def adopt(*, clinic: Clinic, draft: Draft, by: User | None, at: datetime) -> Wording:
    """Return the row of a text, made now if it was shipped and nobody acted on it yet."""
    check_staff(by, Permission.SIGN_WORDINGS, clinic)
    lock(clinic)
    rows = Wording.objects.select_for_update()
    known = rows.filter(clinic=clinic, key=draft.key, checksum=draft.checksum).first()
    if known is not None:
        return known
    for other in _alike(clinic, draft.concept, draft.language):
        if other.state == State.VETOED and same_words(other.text, draft.text):
            raise Vetoed("This text was vetoed meanwhile, under another heading.")
    row = create(clinic, draft, by=None, at=at)
    # Signed by both before the library had rows.
    if row.state == State.GATED and approved_by(signed_by(row)):
        approve(row, Part.CLINICIAN, by=None, at=at)
    return row


@transaction.atomic
def sign(*, clinic: Clinic, draft: Draft, by: User, at: datetime) -> bool:
    """Put a name under a text as it stands; returns whether the signature is new.

    The second of the two roles approves it, and retires what it comes after.
    """
    row = adopt(clinic=clinic, draft=draft, by=by, at=at)
    role = role_of(by)
    if role in signed_by(row):
        return False
    if row.state != State.APPROVED:
        check_move(State(row.state), State.APPROVED, Part(role))
    if not draft.passed:
        raise WordingRefused("This text does not pass the checks of today.")
    under = {"clinic": clinic, "wording_key": row.key, "checksum": row.checksum}
    if WordingSignOff.objects.filter(**under, by=by).exists():
        raise WordingRefused(
            "You signed this text in the other role. Somebody else has to sign it now."
        )
    WordingSignOff.objects.create(**under, role=role, by=by, at=at)
    trace(row, Kind.SIGNED, by=by, at=at, detail={"role": str(role)})
    if row.state == State.GATED and approved_by(signed_by(row)):
        approve(row, Part(role), by=by, at=at)
    return True


def sign_many(
    *, clinic: Clinic, drafts: Iterable[Draft], by: User, at: datetime
) -> SignedMany:
    """Sign each on its own: one that cannot be signed holds up no other."""
    count, refused = 0, []
    for draft in drafts:
        try:
            count += sign(clinic=clinic, draft=draft, by=by, at=at)
        except (MoveRefused, WordingRefused) as error:
            refused.append((draft, str(error)))
    return SignedMany(count, refused)


@transaction.atomic
def retire(
    *, clinic: Clinic, draft: Draft, reason: str, by: User, at: datetime
) -> Wording:
    """Take a text out of use. Its history and signatures stay."""
    row = adopt(clinic=clinic, draft=draft, by=by, at=at)
    move(row, State.RETIRED, Part(role_of(by)))
    trace(row, Kind.RETIRED, by=by, at=at, reason=_stated(reason))
    return row


@transaction.atomic
def veto(
    *, clinic: Clinic, draft: Draft, reason: str, by: User, at: datetime
) -> Wording:
    """Stop a text at once and for good, whatever its state; either role, alone.

    The same words at the other level, or in another spelling, end with it.
    """
    row = adopt(clinic=clinic, draft=draft, by=by, at=at)
    part, why = Part(role_of(by)), _stated(reason)
    move(row, State.VETOED, part)
    trace(row, Kind.VETOED, by=by, at=at, reason=why)
    for other in _alike(clinic, row.concept, row.language):
        if other.state != State.VETOED and same_words(other.text, row.text):
            move(other, State.VETOED, part)
            detail = {"with": str(row.id)}
            trace(other, Kind.VETOED, by=by, at=at, reason=why, detail=detail)
    return row


def _alike(clinic: Clinic, concept: str, language: str) -> QuerySet[Wording]:
    """Everything the clinic has on a concept: words are the same at any level."""
    return Wording.objects.filter(clinic=clinic, concept=concept, language=language)


def signed(clinic_id: uuid.UUID) -> set[tuple[str, str]]:
    """Return (key, checksum) of every text that both roles have signed."""
    rows = WordingSignOff.objects.filter(clinic_id=clinic_id).values_list(
        "wording_key", "checksum", "role"
    )
    by_role: dict[str, set[tuple[str, str]]] = {}
    for key, checksum, role in rows:
        by_role.setdefault(role, set()).add((key, checksum))
    roles = [by_role.get(role, set()) for role in WordingSignOff.Role.values]
    return set.intersection(*roles)


def save_calls(calls: Iterable[ModelCall]) -> None:
    """Keep one row a call to a model."""
    ModelCall.objects.bulk_create(calls)


def _stated(reason: str) -> str:
    if not reason.strip():
        raise WordingRefused("Say why: whoever wonders later will read it.")
    return reason.strip()
