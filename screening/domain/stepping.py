"""From a short form to its longer one: when the rest follows, and what is asked anyway."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from screening.domain.conditions import Answers
from screening.domain.questionnaire import Instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """How one part of a sitting follows from an earlier one, as it was planned.

    `items` are asked in the part `of`, and are kept; `always` are asked whatever they
    add up to.
    """

    of: int
    items: tuple[str, ...]
    cut: int
    declined: bool
    always: tuple[str, ...]
    version: str

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Follows":
        """Read what `to_dict` wrote."""
        lists = {name: tuple(stored[name]) for name in ("items", "always")}
        return cls(**{**stored, **lists})

    @property
    def replaced(self) -> bool:
        """Whether this is a short form in whose place its longer one is asked whole."""
        return not self.items and self.cut > 0

    def kept(self, answers: Answers) -> dict[str, int | None]:
        """Those of the earlier part's answers that count here too."""
        return {link: answers[link] for link in self.items if link in answers}

    def reached(self, answers: Answers) -> bool:
        """Whether the rest is asked, by the answers of the earlier part so far."""
        kept = self.kept(answers)
        if self.declined and None in kept.values():
            return True
        return sum(value or 0 for value in kept.values()) >= self.cut

    def reachable(self, short: Instrument, answers: Answers) -> bool:
        """Whether the items without an answer could still bring it that far."""
        left = [link for link in self.items if link not in answers]
        highest = {
            link: max(option.value for option in short.item(link).options)
            for link in left
        }
        return self.reached({**self.kept(answers), **highest}) or (
            self.declined and bool(left)
        )


def in_place_of(short: int, version: str) -> Follows:
    """How a longer form stands that is asked whole, in place of its short one."""
    return Follows(
        of=short, items=(), cut=0, declined=False, always=(), version=version
    )


def replaced_by(longer: int, version: str) -> Follows:
    """How the short form stands then: planned, kept in its place, and never asked."""
    return replace(in_place_of(longer, version), cut=1)


def asked_instead(follows: Sequence[Follows | None], short: int) -> tuple[int, ...]:
    """The longer forms that are asked whole in place of this short one, in order."""
    here = follows[short]
    if here is None or not here.replaced:
        return ()
    return tuple(
        index
        for index, one in enumerate(follows)
        if one is not None and one.of == short and not one.cut and not one.items
    )


def counts_in(
    follows: Sequence[Follows | None], part: int, link_id: str
) -> tuple[int, ...]:
    """The parts of a sitting in which one answer counts: this one, the short form where
    it was given, and each longer form that keeps it from there."""
    found, before = {part}, set[int]()
    while found != before:
        before = set(found)
        for index, one in enumerate(follows):
            if one is not None and link_id in one.items and found & {index, one.of}:
                found |= {index, one.of}
    return (part, *sorted(found - {part}))
