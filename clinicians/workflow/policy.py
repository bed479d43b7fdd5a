"""How long a case may rest, how it may be closed, and what closing needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from clinicians.workflow.moves import Status
from screening.domain.rules import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Minutes before notices start again, or go on; `step` None: the clinic's own."""

    acknowledged: int
    in_progress: int
    to_confirm: int
    step: int | None
    repeat: int

    def step_minutes(self, clinic_minutes: int) -> int:
        """How long one step of the ladder waits for an answer."""
        return clinic_minutes if self.step is None else self.step


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    """A way to close a case, for the tiers that it may close.

    `led_to_action`: whether it tells that the flags led to something; None: it cannot
    be told, as where the patient was not reached.
    """

    id: str
    label: str
    tiers: tuple[Tier, ...]
    needs_note: bool
    led_to_action: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOutcome:
    """How an attempt to reach the patient ended."""

    id: str
    label: str
    needs_note: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPolicy:
    """The review data file, read."""

    version: str
    patience: Mapping[Tier, Patience]
    dispositions: tuple[Disposition, ...]
    contacts: tuple[ContactOutcome, ...]
    second_person: frozenset[Tier]
    snooze: Mapping[Tier, int]
    snooze_offers: tuple[int, ...]
    longest_look: int
    review_state: str

    def contact(self, outcome: str) -> ContactOutcome | None:
        """The outcome with this id."""
        return next((c for c in self.contacts if c.id == outcome), None)

    def disposition(self, disposition: str) -> Disposition | None:
        """The disposition with this id."""
        return next((d for d in self.dispositions if d.id == disposition), None)

    def closing(self, tier: Tier) -> tuple[Disposition, ...]:
        """The ways to close a case of this tier."""
        return tuple(d for d in self.dispositions if tier in d.tiers)


class CloseRefused(ValueError):
    """What is still missing before this case can be closed, in a sentence."""


def check_close(
    policy: ReviewPolicy,
    tier: Tier,
    *,
    disposition: str,
    note: str,
    contacted: bool,
) -> Disposition:
    """Return the disposition, or raise CloseRefused.

    `contacted`: an attempt to reach the patient, or the reason for none, was
    recorded after the newest urgent flag.
    """
    chosen = policy.disposition(disposition)
    if chosen is None or tier not in chosen.tiers:
        raise CloseRefused("Choose how this case ended.")
    if tier is Tier.URGENT and not contacted:
        raise CloseRefused(
            "Record the contact attempt first, or why there was none. "
            "This case was urgent."
        )
    if (tier is Tier.URGENT or chosen.needs_note) and not note.strip():
        raise CloseRefused("Write a note that says what was done.")
    return chosen


def can_close(
    policy: ReviewPolicy,
    tier: Tier,
    *,
    disposition: str,
    note: str,
    contacted: bool,
) -> bool:
    """Say whether check_close would let it pass."""
    try:
        check_close(
            policy, tier, disposition=disposition, note=note, contacted=contacted
        )
    except CloseRefused:
        return False
    return True


def resting_minutes(policy: ReviewPolicy, tier: Tier, status: Status) -> int | None:
    """How long a case may rest in this status before it goes back to the team."""
    patience = policy.patience[tier]
    if status is Status.ACKNOWLEDGED:
        return patience.acknowledged
    if status is Status.IN_PROGRESS:
        return patience.in_progress
    if status is Status.TO_CONFIRM:
        return patience.to_confirm
    return None


def needs_second(policy: ReviewPolicy, tier: Tier, *, clinic_has_one: bool) -> bool:
    """Say whether a second person has to confirm that a case of this tier is closed.

    `clinic_has_one`: the clinic's own setting; a practice of one person has no second.
    """
    return clinic_has_one and tier in policy.second_person
