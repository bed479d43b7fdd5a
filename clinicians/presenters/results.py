"""A screening's results: each questionnaire as it was filled in, with its score."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse

from clinicians.presenters.amendments import amendments, past_scores
from clinicians.presenters.answers import (
    ItemRow,
    Sources,
    answer_text,
    item_rows,
    offered,
    shared_options,
)
from clinicians.presenters.caution import basis, caution_texts
from clinicians.presenters.origins import begun_by, entered
from clinicians.presenters.people import LANGUAGES, readable
from clinicians.presenters.retracting import Retracted, retractions
from clinicians.presenters.scores import ScoreCard, asked_in_part, score_card
from clinicians.presenters.states import answered, status_of
from clinicians.presenters.times import moment
from clinicians.presenters.wordings import texts_by_key
from screening.actions import amendable, retractable
from screening.domain.instruments import Instrument, Item
from screening.domain.measures import Triage
from screening.domain.stepping import Follows
from screening.models import Administration, Answer, Score, Screening, Turn
from screening.models.sitting import LEFT_BLANK


@dataclass(frozen=True, slots=True)
class AdministrationView:
    """One questionnaire as it was filled in."""

    id: uuid.UUID
    title: str
    version: str
    instruction: str
    offered: str
    score: ScoreCard
    item_9: str
    cautions: Sequence[str]
    basis: str
    items: Sequence[ItemRow]
    past: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """One sitting."""

    id: uuid.UUID
    title: str
    status: str
    entered: str
    facts: Sequence[tuple[str, str]]
    reach: Sequence[tuple[str, str]]
    administrations: Sequence[AdministrationView]
    retracted: Retracted | None = None
    retract_href: str = ""


def screenings(
    ids: Sequence[uuid.UUID],
    zone: ZoneInfo,
    *,
    amends: bool = False,
    retracts: bool = False,
) -> list[ScreeningView]:
    """Read these screenings, newest first, in a constant number of queries.

    `amends`, `retracts`: whether this reader may put answers right, or all of them out.
    """
    found_rows = Administration.objects.filter(screening_id__in=ids).select_related(
        "screening", "definition", "score"
    )
    rows = list(
        found_rows.order_by("-screening__created_at", "screening_id", "position")
    )
    answers, turns = _said(ids)
    amended = {row.screening_id for row in rows if _is_amended(row)}
    put_right, past = amendments(amended), past_scores(amended, zone)
    grouped: dict[Screening, list[AdministrationView]] = {}
    for row in rows:
        found = Sources(
            instrument=row.instrument,
            answers=answers[row.id],
            turns=turns[row.id],
            wordings=texts_by_key(row.instrument),
            zone=zone,
            mode=row.screening.mode,
            amendments=put_right,
            amend=_amend_base(row) if amends and amendable(row.screening) else "",
            in_part=_part_asked(row, answers[row.id]) is not None,
        )
        view = _administration(row, found, past.get(row.id, ()))
        grouped.setdefault(row.screening, []).append(view)
    return _sittings(grouped, zone, retracts=retracts)


def _said(
    ids: Sequence[uuid.UUID],
) -> tuple[Mapping[uuid.UUID, list[Answer]], Mapping[uuid.UUID, list[Turn]]]:
    """The answers of these, and the turns with words or blanks, by administration."""
    answers: defaultdict[Any, list[Answer]] = defaultdict(list)
    turns: defaultdict[Any, list[Turn]] = defaultdict(list)
    given = Answer.objects.filter(screening_id__in=ids).select_related("asked_as")
    for answer in given.defer("asked_as__content").order_by("seq"):
        answers[answer.administration_id].append(answer)
    said = Turn.objects.filter(
        Q(kind=Turn.Kind.WORDS) | Q(interpretation__result=LEFT_BLANK),
        screening_id__in=ids,
    )
    for turn in said.order_by("at"):
        turns[turn.administration_id].append(turn)
    return answers, turns


def _sittings(
    grouped: Mapping[Screening, list[AdministrationView]],
    zone: ZoneInfo,
    *,
    retracts: bool,
) -> list[ScreeningView]:
    """Each sitting with its parts, and what was said of it if it is in error."""
    names = begun_by(grouped)
    said = retractions([row.id for row in grouped if row.retracted_at], zone)
    return [
        replace(
            _screening(row, parts, names, zone),
            retracted=said.get(row.id),
            retract_href=_retract_href(row) if retracts else "",
        )
        for row, parts in grouped.items()
    ]


def _retract_href(row: Screening) -> str:
    """Where it is marked as entered in error, if it may be."""
    if not retractable(row):
        return ""
    return reverse("clinicians:in-error", args=[row.patient_id, row.id])


def _is_amended(row: Administration) -> bool:
    score: Score | None = getattr(row, "score", None)
    return score is not None and score.version > 1


def _amend_base(row: Administration) -> str:
    """The address of amending an item of this administration, without its number."""
    ids = [row.screening.patient_id, row.screening_id, row.position + 1, 1]
    return reverse("clinicians:amend", args=ids).removesuffix("1/")


def _administration(
    row: Administration, sources: Sources, past: Sequence[str]
) -> AdministrationView:
    instrument = sources.instrument
    counting = {answer.link_id: answer for answer in sources.answers}
    return AdministrationView(
        id=row.id,
        title=f"{instrument.short_name}: {instrument.title}",
        version=f"version {instrument.version}, {instrument.language}, "
        f"checksum {instrument.checksum[:12]}",
        instruction=instrument.instruction,
        offered=offered(shared_options(instrument)),
        score=_score(row, counting),
        item_9=_item_9(instrument, sources.answers),
        cautions=caution_texts(instrument, sources.answers, sources.turns),
        basis=basis(),
        items=item_rows(sources),
        past=past,
    )


def _score(row: Administration, counting: Mapping[str, Answer]) -> ScoreCard:
    card = score_card(row.instrument, getattr(row, "score", None))
    follows = _part_asked(row, counting.values())
    return asked_in_part(card, row.instrument, follows) if follows else card


def _part_asked(row: Administration, given: Iterable[Answer]) -> Follows | None:
    """The rule of a longer form that did not follow; None where all was asked."""
    follows = Follows.from_dict(row.follows) if row.follows else None
    if follows is None or follows.cut < 1:
        return None
    more = {one.link_id for one in given} - set(follows.always)
    return None if more else follows


def _item_9(instrument: Instrument, given: Sequence[Answer]) -> str:
    """What was answered about self-harm, and what before; empty if that is not asked.

    Where the outcome is a triage, every item that was ever said yes to or refused,
    "right now" first.
    """
    if instrument.triage:
        return _endorsed(instrument, instrument.triage, given)
    safety = next((item for item in instrument.items if item.safety), None)
    return _now_and_before(safety, given) if safety else ""


def _now_and_before(item: Item, given: Sequence[Answer]) -> str:
    """A case may be here because of what was taken back; zero alone would mislead."""
    values = [one.value for one in given if one.link_id == item.link_id]
    if not values:
        return f"Item {item.number}: Not answered"
    before = [answer_text(item, one) for one in values if one != values[-1]]
    changed = f"; before it was changed: {', '.join(before)}" if before else ""
    return f"Item {item.number}: {answer_text(item, values[-1])}{changed}"


def _endorsed(instrument: Instrument, triage: Triage, given: Sequence[Answer]) -> str:
    endorsed = {one.link_id for one in given if one.value != 0}
    found = [
        _now_and_before(instrument.item(link), given)
        for link in (triage.acuity, *triage.gate)
        if link in endorsed
    ]
    return "; ".join(found) or "No item was answered with yes or refused"


def _screening(
    row: Screening,
    parts: list[AdministrationView],
    names: Mapping[str, str],
    zone: ZoneInfo,
) -> ScreeningView:
    return ScreeningView(
        id=row.id,
        title=f"{' and '.join(i.upper() for i in row.battery)}, {answered(row, zone)}",
        status=status_of(row),
        entered=entered(row),
        facts=_sitting_facts(row, names, zone),
        reach=[(label, given) for label, given in _reach(row) if given],
        administrations=parts,
    )


def _reach(row: Screening) -> list[tuple[str, str]]:
    """How the patient said they can be reached; empty where they did not."""
    return [
        ("Call-back number", readable(row, "callback_number")),
        ("Where the patient was", readable(row, "whereabouts")),
        ("Person to contact", readable(row, "emergency_contact")),
    ]


def _sitting_facts(
    row: Screening, names: Mapping[str, str], zone: ZoneInfo
) -> list[tuple[str, str]]:
    def when(at: datetime | None) -> str:
        return moment(at, zone) if at else ""

    if row.origin != Screening.Origin.INVITATION:
        return [
            ("State", status_of(row)),
            ("How it came", entered(row)),
            ("Begun by", names.get(row.created_by_id, "")),
            ("Language", LANGUAGES.get(row.language, row.language)),
            ("Entered", when(row.started_at)),
            ("Submitted", when(row.completed_at) or "Not submitted"),
        ]
    consent = when(row.consented_at)
    if consent and row.consent_version:
        consent = f"{consent}, text version {row.consent_version}"
    return [
        ("State", status_of(row)),
        *_reach(row),
        ("Language", LANGUAGES.get(row.language, row.language)),
        ("Consent", consent),
        ("Help from a language model", "Agreed" if row.ai_consent else "Not agreed"),
        ("First answer", when(row.started_at)),
        ("Submitted", when(row.completed_at) or "Not submitted"),
    ]
