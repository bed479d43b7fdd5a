"""A raised flag and why it was raised, as values."""

from dataclasses import asdict, dataclass
from typing import Any

from screening.domain.rules import Rule, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a flag was raised: the item and answer, the words, or the score."""

    detail: str
    link_id: str | None = None
    item_text: str | None = None
    value: int | None = None
    option_text: str | None = None
    words: tuple[str, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        plain = asdict(self)
        plain["words"] = None if self.words is None else list(self.words)
        return plain


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedFlag:
    """A flag to be stored; `key` names it within its screening."""

    rule: str
    version: str
    tier: Tier
    title: str
    evidence: Evidence
    key: str


def raise_flag(rule: Rule, evidence: Evidence, suffix: str) -> RaisedFlag:
    """The flag of a rule; `suffix` sets it apart within its screening."""
    return RaisedFlag(
        rule=rule.id,
        version=rule.version,
        tier=rule.tier,
        title=rule.title,
        evidence=evidence,
        key=f"{rule.id}:{suffix}",
    )
