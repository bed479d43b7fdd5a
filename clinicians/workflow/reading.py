"""Reads the review data file as strictly as any other definition."""

from clinicians.workflow.policy import (
    ContactOutcome,
    Disposition,
    Patience,
    ReviewPolicy,
)
from screening.domain.reading import Reader, read_review
from screening.domain.rules import Tier


def build_policy(data: object, *, file: str) -> ReviewPolicy:
    """Read the whole file; every tier needs its patience and a way to be closed."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", "patience", "dispositions", "contacts"),
        *("second_person", "snooze", "snooze_offers", "longest_look"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    reader.sources()
    state, _, _ = read_review(reader)
    patience = reader.child("patience")
    patience.only(*Tier)
    policy = ReviewPolicy(
        version=reader.text("version"),
        patience={tier: _read_patience(patience.child(tier)) for tier in Tier},
        dispositions=tuple(_read_end(r) for r in reader.children("dispositions")),
        contacts=tuple(_read_contact(r) for r in reader.children("contacts")),
        second_person=frozenset(_read_tiers(reader, "second_person")),
        snooze=_read_snooze(reader.child("snooze")),
        snooze_offers=_read_offers(reader),
        longest_look=reader.integer("longest_look"),
        review_state=state,
    )
    _check(policy, reader)
    return policy


def _read_patience(reader: Reader) -> Patience:
    reader.only("acknowledged", "in_progress", "to_confirm", "step", "repeat")
    for key in ("acknowledged", "in_progress", "to_confirm", "repeat"):
        if reader.integer(key) < 1:
            raise reader.refusal("must be at least 1", key)
    # null: the clinic's own minutes.
    step = None if reader.data["step"] is None else reader.integer("step")
    if step is not None and step < 1:
        raise reader.refusal("must be at least 1", "step")
    return Patience(
        acknowledged=reader.integer("acknowledged"),
        in_progress=reader.integer("in_progress"),
        to_confirm=reader.integer("to_confirm"),
        step=step,
        repeat=reader.integer("repeat"),
    )


def _read_tiers(reader: Reader, key: str) -> tuple[Tier, ...]:
    for tier in reader.texts(key):
        if tier not in list(Tier):
            raise reader.refusal(f"is not one of: {', '.join(Tier)}", key)
    return tuple(Tier(tier) for tier in reader.texts(key))


def _read_snooze(reader: Reader) -> dict[Tier, int]:
    reader.only(*Tier)
    for tier in Tier:
        if reader.integer(tier) < 1:
            raise reader.refusal("must be at least 1", tier)
    return {tier: reader.integer(tier) for tier in Tier}


def _read_offers(reader: Reader) -> tuple[int, ...]:
    offers = reader.listing("snooze_offers")
    whole = [m for m in offers if type(m) is int and m > 0]
    if not whole or whole != offers or whole != sorted(set(whole)):
        raise reader.refusal("are minutes, each more than the last", "snooze_offers")
    return tuple(whole)


def _read_end(reader: Reader) -> Disposition:
    reader.only("id", "label", "tiers", "needs_note", "led_to_action")
    # null: nobody can tell.
    told = reader.data["led_to_action"] is not None
    return Disposition(
        id=reader.text("id"),
        label=reader.text("label"),
        tiers=_read_tiers(reader, "tiers"),
        needs_note=reader.truth("needs_note"),
        led_to_action=reader.truth("led_to_action") if told else None,
    )


def _read_contact(reader: Reader) -> ContactOutcome:
    reader.only("id", "label", "needs_note")
    return ContactOutcome(
        id=reader.text("id"),
        label=reader.text("label"),
        needs_note=reader.truth("needs_note"),
    )


def _check(policy: ReviewPolicy, reader: Reader) -> None:
    for key, ids in (
        ("dispositions", [d.id for d in policy.dispositions]),
        ("contacts", [c.id for c in policy.contacts]),
    ):
        if len(ids) != len(set(ids)):
            raise reader.refusal("the same id twice", key)
    for tier in Tier:
        if not policy.closing(tier):
            raise reader.refusal(
                f"nothing closes a case of tier {tier}", "dispositions"
            )
    if not policy.contacts:
        raise reader.refusal("needs at least one", "contacts")
