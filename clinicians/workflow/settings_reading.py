"""Reads the settings' data file as strictly as any other definition."""

from collections.abc import Mapping

from clinicians.workflow.ladder import Step
from clinicians.workflow.settings import (
    Count,
    Danger,
    DueLimit,
    Effect,
    Level,
    Limit,
    SettingsPolicy,
    When,
)
from screening.domain.reading import Reader, read_review
from screening.domain.rules import Tier

LIMITS = (
    *("adult_age", "answer_window_hours", "invitation_days", "reminder_days"),
    *("escalate_minutes", "staffed_minutes_a_week", "spans_a_day", "holidays"),
    *("people_a_step", "reason_letters", "model_tokens_per_day"),
)
# What `of` has to name; None: nothing.
_OF: dict[When, tuple[str, ...] | None] = {
    When.LATER: tuple(Tier),
    When.STEP_EMPTIED: tuple(Step),
}


def build_settings_policy(data: object, *, file: str) -> SettingsPolicy:
    """Read the whole file; raises DefinitionError if it cannot be used."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", "limits", "due", "effects", "dangers"),
        "history_page",
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("about")
    reader.sources()
    state, _, _ = read_review(reader)
    limits, due = reader.child("limits"), reader.child("due")
    limits.only(*LIMITS)
    due.only(*Tier)
    found = reader.child("effects")
    effects = {name: _read_effect(found.child(name)) for name in found.data}
    if reader.integer("history_page") < 1:
        raise reader.refusal("must be at least 1", "history_page")
    dangers = tuple(_read_danger(r, effects) for r in reader.children("dangers"))
    if len({danger.id for danger in dangers}) != len(dangers):
        raise reader.refusal("the same id twice", "dangers")
    return SettingsPolicy(
        version=reader.text("version"),
        limits={name: _read_limit(limits.child(name)) for name in LIMITS},
        due={tier: _read_due(due.child(tier)) for tier in Tier},
        dangers=dangers,
        history_page=reader.integer("history_page"),
        review_state=state,
    )


def _read_limit(reader: Reader) -> Limit:
    reader.only("least", "most", "source")
    least, most = reader.integer("least"), reader.integer("most")
    if not 0 <= least <= most:
        raise reader.refusal("must not be less than 0 or than the least", "most")
    return Limit(least=least, most=most, source=reader.text("source"))


def _read_due(reader: Reader) -> DueLimit:
    reader.only("most", "wall_only", "same_day", "source")
    if reader.integer("most") < 1:
        raise reader.refusal("must be at least 1", "most")
    return DueLimit(
        most=reader.integer("most"),
        wall_only=reader.truth("wall_only"),
        same_day=reader.truth("same_day"),
        source=reader.text("source"),
    )


def _read_effect(reader: Reader) -> Effect:
    reader.only("count", "none", "one", "many")
    _one_of(reader, "count", tuple(Count))
    if "{n}" not in reader.text("many"):
        raise reader.refusal("must say how many, as {n}", "many")
    return Effect(
        count=Count(reader.text("count")),
        none=reader.text("none"),
        one=reader.text("one"),
        many=reader.text("many"),
    )


def _read_danger(reader: Reader, effects: Mapping[str, Effect]) -> Danger:
    reader.only("id", "setting", "when", "of", "level", "title", "text", "effects")
    _one_of(reader, "when", tuple(When))
    _one_of(reader, "level", tuple(Level))
    when, of = When(reader.text("when")), reader.maybe_text("of")
    names = _OF.get(when)
    needed = when is When.BECOMES or names is not None
    if (of is not None) != needed or (of and names and of not in names):
        raise reader.refusal(f"does not fit to {when}", "of")
    if unknown := set(reader.texts("effects")) - set(effects):
        raise reader.refusal(f"no such effect: {', '.join(unknown)}", "effects")
    return Danger(
        id=reader.text("id"),
        setting=reader.text("setting"),
        when=when,
        of=of,
        level=Level(reader.text("level")),
        title=reader.text("title"),
        text=reader.text("text"),
        effects=tuple(effects[name] for name in reader.texts("effects")),
    )


def _one_of(reader: Reader, key: str, allowed: tuple[str, ...]) -> None:
    if reader.text(key) not in allowed:
        raise reader.refusal(f"is not one of: {', '.join(allowed)}", key)
