"""Holds what was sent against the questionnaire as it stands: item, option, required."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from records.fhir.answered import Answered
from records.fhir.received import Issue, Refused
from screening.domain.instruments import Instrument, Item
from screening.domain.scoring import score, visible_items

SAFETY = (
    "This answers a safety question, and nobody here will see it: it was not taken in. "
    "Put it right and send it again at once, or tell the clinic now."
)
# A form of another renderer may show its instruction as an item without an answer.
SHOWN_ONLY = ("instruction",)
# The item of our own form that adds up.
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Meant:
    """A code that stands for an option of an item."""

    system: str
    code: str
    value: int


Options = Mapping[str, Sequence[Meant]]


def read_answers(
    instrument: Instrument, sent: Sequence[Answered], options: Options
) -> dict[str, int | None]:
    """By link id the value, None for declined, in the form's order. Raises Refused."""
    known = {item.link_id: item for item in instrument.items}
    sums = _sums(instrument)
    issues: list[Issue] = []
    found: dict[str, int | None] = {}
    for answer in sent:
        if answer.link_id in sums or not _belongs(answer, known, instrument, issues):
            continue
        if answer.declined:
            found[answer.link_id] = None
        elif answer.says_something:
            value = _value(known[answer.link_id], answer, options, issues)
            if value is not None:
                found[answer.link_id] = value
    ordered = {link: found[link] for link in known if link in found}
    issues += _missing(instrument, ordered) if not issues else ()
    issues += _other_sum(instrument, ordered, sent, sums) if not issues else ()
    if issues:
        raise Refused(*issues)
    return ordered


def _belongs(
    answer: Answered,
    known: Mapping[str, Item],
    instrument: Instrument,
    issues: list[Issue],
) -> bool:
    if answer.link_id in known:
        return True
    if answer.link_id not in SHOWN_ONLY or answer.says_something:
        sentence = f"The {instrument.short_name} has no item {answer.link_id}."
        issues.append(Issue("not-found", sentence, answer.where))
    return False


def _value(
    item: Item, answer: Answered, options: Options, issues: list[Issue]
) -> int | None:
    if answer.code:
        value, wrong = _by_code(answer, options[item.link_id])
    else:
        value, wrong = _by_number(item, answer)
    if wrong:
        issues.append(Issue("code-invalid", wrong, answer.where))
    return value


def _by_code(answer: Answered, options: Sequence[Meant]) -> tuple[int | None, str]:
    """A code and a weight that disagree are refused: one of them is wrong, and nobody
    here knows which."""
    for one in options:
        if (one.system, one.code) != (answer.system, answer.code):
            continue
        if answer.number in (None, one.value):
            return one.value, ""
        weight = f"{answer.number} was sent beside it"
        return None, f"{one.code} weighs {one.value} at {answer.link_id}, but {weight}."
    named = f"{answer.system}|{answer.code}"
    return None, f"{named} is not one of the answers to {answer.link_id}."


def _by_number(item: Item, answer: Answered) -> tuple[int | None, str]:
    offered = [option.value for option in item.options]
    if answer.number in offered:
        return int(answer.number or 0), ""
    allowed = ", ".join(map(str, offered))
    return None, f"{answer.link_id} takes one of {allowed}, not {answer.number}."


def _missing(
    instrument: Instrument, answers: Mapping[str, int | None]
) -> Iterator[Issue]:
    """What is asked, required and neither answered nor said to be declined."""
    for item in visible_items(instrument, answers):
        if item.required and item.link_id not in answers:
            yield Issue(
                "required",
                f"{item.link_id} has no answer. If it was declined, say so with the "
                "extension data-absent-reason and the code asked-declined.",
                "QuestionnaireResponse.item",
            )


def _sums(instrument: Instrument) -> set[str]:
    """Where a form of ours, filled in elsewhere, says what it added up to."""
    code = instrument.total_code
    coded = {f"/{code}", code} if code else set()
    return {TOTAL, *coded, *(part.id for part in instrument.subscales)}


def _other_sum(
    instrument: Instrument,
    answers: Mapping[str, int | None],
    sent: Sequence[Answered],
    sums: Collection[str],
) -> Iterator[Issue]:
    """A total is worked out here. One that was sent and differs means that an answer
    did not arrive as it was given."""
    scored = score(instrument, answers)
    parts = {part.id: part.total for part in scored.subscales}
    for answer in sent:
        if answer.link_id not in sums or answer.number is None:
            continue
        ours = parts.get(answer.link_id, scored.total)
        if ours is None or answer.number != Decimal(ours):
            sentence = f"These answers add up to {ours}, not to {answer.number}."
            yield Issue("business-rule", sentence, answer.where)
