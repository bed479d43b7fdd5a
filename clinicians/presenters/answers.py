"""Every item as it was asked and answered: official text, what was shown, what was said."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from clinicians.presenters.origins import Amended, how_it_came
from clinicians.presenters.people import LANGUAGES, UNREADABLE, readable
from clinicians.presenters.times import moment
from screening.domain.instruments import Instrument, Item, Option
from screening.domain.scoring import AnswerRefused, visible_items
from screening.models import Answer, Turn
from screening.models.sitting import LEFT_BLANK

LED_TO = {
    "confirm": "We asked if we had understood it right",
    "again": "We asked the question again",
    "clarified": "We explained the question",
    "safety": "We showed the help page",
    "question": "We went on",
    "review": "We went on",
    "": "Nothing was made of it yet",
}
# What a patient says: words typed, or an explanation picked (its name are the words).
SAID = (Turn.Kind.WORDS, Turn.Kind.ASK)
EXPLAINED_BY = {"model": "by a language model, checked", "reviewed": "in our own words"}
NOTES = {
    "never": "Shown beneath: a note that this question has only its exact words",
    "none": "Shown beneath: a note that there is no approved explanation yet",
}


@dataclass(frozen=True, slots=True)
class Saying:
    """Something a patient typed at an item, and what came of it."""

    at: str
    words: str
    came_of_it: str
    reply: str
    by_model: bool


@dataclass(frozen=True, slots=True)
class Given:
    """One answer, the one that counts or one before it."""

    at: str
    text: str
    how: str
    seconds: str
    shown: Sequence[str]
    amended: Amended | None = None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of an administration."""

    number: int
    text: str
    safety: bool
    scored: bool
    answer: Given | None
    earlier: Sequence[Given]
    sayings: Sequence[Saying]
    offered: str
    blank: bool = False
    amend_href: str = ""

    @property
    def unanswered(self) -> str:
        """Why there is no answer, where there is none."""
        return "Left blank on the form" if self.blank else "Not answered"


@dataclass(frozen=True, slots=True)
class Sources:
    """What the rows of an administration are made from."""

    instrument: Instrument
    answers: Sequence[Answer]
    turns: Sequence[Turn]
    wordings: Mapping[str, str]
    zone: ZoneInfo
    # How staff came by the answers that they entered, and what was put right since.
    mode: str = ""
    amendments: Mapping[uuid.UUID, Amended] = field(default_factory=dict)
    # Where an answer may be put right by this reader, up to the item's number.
    amend: str = ""
    # A longer form of which nothing but this was asked: the rest has no answer to amend.
    in_part: bool = False


def item_rows(sources: Sources) -> list[ItemRow]:
    """Present every item in the order of the form, unanswered ones too."""
    replies = {turn.id: turn for turn in sources.turns}
    return [_row(item, sources, replies) for item in sources.instrument.items]


def _row(item: Item, sources: Sources, turns: Mapping[uuid.UUID, Turn]) -> ItemRow:
    given = [a for a in sources.answers if a.link_id == item.link_id]
    given.sort(key=lambda a: a.seq)
    shown = [_given(a, item, sources, turns) for a in given]
    return ItemRow(
        number=item.number,
        text=item.text,
        safety=item.safety,
        scored=item.scored,
        answer=shown[-1] if shown else None,
        earlier=shown[:-1],
        sayings=_sayings(item, sources),
        offered=(
            ""
            if shared_options(sources.instrument) == item.options
            else offered(item.options)
        ),
        blank=not shown and _left_blank(item, sources),
        amend_href=_amend_href(item, sources, asked=bool(shown)),
    )


def shared_options(instrument: Instrument) -> tuple[Option, ...]:
    """The options of the scored items, if they are the same for all of them."""
    kinds = {item.options for item in instrument.scored_items}
    return kinds.pop() if len(kinds) == 1 else ()


def offered(options: Sequence[Option]) -> str:
    """Official options in a line, each with its value."""
    return " · ".join(f"{option.text} ({option.value})" for option in options)


def _left_blank(item: Item, sources: Sources) -> bool:
    """Whether staff found nothing marked at this item on the form."""
    return any(
        turn.link_id == item.link_id and turn.interpretation.get("result") == LEFT_BLANK
        for turn in sources.turns
    )


def _amend_href(item: Item, sources: Sources, *, asked: bool) -> str:
    given = {answer.link_id: answer.value for answer in sources.answers}
    visible = visible_items(sources.instrument, given)
    asked = asked or (item in visible and not sources.in_part)
    return f"{sources.amend}{item.number}/" if sources.amend and asked else ""


def _given(
    answer: Answer, item: Item, sources: Sources, turns: Mapping[uuid.UUID, Turn]
) -> Given:
    amended = sources.amendments.get(answer.id)
    item = _as_asked(answer, item)
    return Given(
        at=moment(answer.at, sources.zone),
        text=answer_text(item, answer.value),
        how=_by_way_of_model(answer, item)
        or how_it_came(answer, sources.mode, amended),
        seconds="" if answer.seconds is None else f"{answer.seconds} s on the page",
        shown=[
            *_in_other_words(answer, item),
            *_beside(
                answer.shown.get("wordings", ()),
                {**sources.wordings, **answer.shown.get("texts", {})},
                turns,
            ),
        ],
        amended=amended,
    )


def _as_asked(answer: Answer, item: Item) -> Item:
    """The item in the words that stood on the page when it was answered."""
    if answer.asked_as is None:
        return item
    return answer.asked_as.instrument.item(item.link_id)


def _in_other_words(answer: Answer, item: Item) -> list[str]:
    """What the patient read, where the form is in another language than that."""
    if answer.asked_as is None:
        return []
    form = answer.asked_as
    language = LANGUAGES.get(form.language, form.language)
    return [f"Answered in {language} (version {form.version}): “{item.text}”"]


def _by_way_of_model(answer: Answer, item: Item) -> str:
    """What a model had to do with an answer; empty: nothing."""
    proposed = answer.shown.get("proposed", {})
    if proposed.get("by") != "model":
        return ""
    if answer.value in proposed["values"]:
        return "Typed, proposed by a language model, confirmed by the patient"
    offered = answer_text(item, proposed["values"][0])
    return f"Chosen by the patient instead of what a language model proposed: {offered}"


def answer_text(item: Item, value: int | None) -> str:
    """The official option with its value; what it was then, not what it is now."""
    if value is None:
        return "Preferred not to answer"
    try:
        return f"{item.option(value).text} ({value})"
    except AnswerRefused:
        return f"({value})"


def _beside(
    keys: Iterable[str], wordings: Mapping[str, str], turns: Mapping[uuid.UUID, Turn]
) -> list[str]:
    """What stood beneath the official text when the answer was given."""
    found = []
    for key in keys:
        kind, _, rest = key.partition(":")
        if kind == "note":
            found += [NOTES[rest]] if rest in NOTES else []
            continue
        if kind == "turn":
            turn = turns.get(_uuid(rest))
            found.append(f"Explained by a language model: {_reply(turn)}")
        else:
            found.append(f"Shown beneath: {wordings.get(key, f'wording {key}')}")
    return found


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


def _sayings(item: Item, sources: Sources) -> list[Saying]:
    return [
        Saying(
            at=moment(turn.at, sources.zone),
            words=readable(turn, "words"),
            came_of_it=_came_of_it(turn, item),
            reply=readable(turn, "reply"),
            by_model=turn.interpretation.get("source") == "model",
        )
        for turn in sources.turns
        if turn.link_id == item.link_id and turn.kind in SAID
    ]


def _reply(turn: Turn | None) -> str:
    return readable(turn, "reply") if turn else UNREADABLE


def _by_model(turn: Turn) -> bool:
    return bool(turn.outcome.get("note") == "model")


def _came_of_it(turn: Turn, item: Item) -> str:
    to = str(turn.outcome.get("to", ""))
    led_to = LED_TO.get(to, LED_TO[""])
    if to == "confirm":
        values = turn.outcome.get("values") or [None]
        reader = " (read by a language model)" if _by_model(turn) else ""
        return f"{led_to}{reader}: {answer_text(item, values[0])}"
    if to == "clarified":
        by = EXPLAINED_BY.get(str(turn.outcome.get("note", "")), "")
        return f"{led_to} {by}".strip()
    return led_to
