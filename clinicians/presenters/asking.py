"""The ASQ on a case: whether it is offered, what came of it, what follows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from clinicians.definitions import asq_policy
from clinicians.presenters.answers import answer_text
from clinicians.presenters.origins import MODES
from clinicians.presenters.people import LANGUAGES
from clinicians.presenters.times import moment
from core.models import Clinic, User, same_person
from core.permissions import Permission, can
from screening import definitions
from screening.actions.entering import ASQ
from screening.domain.instruments import Instrument
from screening.domain.triage import triage_result
from screening.models import Administration, Answer, Episode, Flag, Score, Screening

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Asked:
    """An ASQ of this patient: its outcome, and what its own sheet asks for next."""

    when: str
    how: str
    outcome: str
    acute: bool
    steps: Sequence[str]
    href: str
    going_on: bool


@dataclass(frozen=True, slots=True)
class Acute:
    """What the answers ask for at once, submitted or not."""

    title: str
    steps: Sequence[str]
    review_state: str


@dataclass(frozen=True, slots=True)
class AsqView:
    """The part of a case that is about the ASQ."""

    offered: bool
    going_on: bool
    no_text: str
    asked: Sequence[Asked]
    plan_href: str
    sets_plan: bool
    review_state: str
    sources: Sequence[str]


def asq_view(
    row: Episode, flags: Iterable[Flag], clinic: Clinic, user: User
) -> AsqView | None:
    """Read what was asked since the case was opened, in one query; None where the
    ASQ has no place: no flag that it follows, or a reader who may not ask it."""
    policy = asq_policy()
    if not any(flag.rule in policy.after for flag in flags):
        return None
    enters = can(user, Permission.ENTER_ANSWERS)
    asked = [_asked(one, clinic) for one in _rows(row)]
    return AsqView(
        offered=enters and row.status != Episode.Status.CLOSED,
        going_on=any(one.going_on for one in asked),
        no_text=_no_text(row.patient.language),
        asked=asked,
        plan_href=clinic.safety_plan_url,
        sets_plan=can(user, Permission.MANAGE_CLINIC),
        review_state=policy.review_state,
        sources=policy.sources,
    )


def acute(instrument: Instrument, answers: Mapping[str, int | None]) -> Acute | None:
    """What follows from a yes to "right now", or a refusal; it waits for no submit."""
    triage, policy = instrument.triage, asq_policy()
    if triage is None or triage_result(triage, answers) != triage.acute:
        return None
    item = instrument.item(triage.acuity)
    said = answer_text(item, answers[item.link_id])
    title = f"{triage.acute}. {instrument.short_name} item {item.number}: {said}"
    return Acute(title, policy.next_steps["acute"], policy.review_state)


def _rows(row: Episode) -> list[Administration]:
    rows = Administration.objects.filter(
        screening__patient__in=same_person(row.patient_id).values("id"),
        screening__created_at__gte=row.opened_at,
        definition__instrument_id=ASQ,
    )
    return list(
        rows.select_related("screening", "definition", "score").order_by(
            "-screening__created_at", "id"
        )
    )


def _asked(row: Administration, clinic: Clinic) -> Asked:
    screening, instrument = row.screening, row.instrument
    score: Score | None = getattr(row, "score", None)
    outcome = (score.detail["triage"] if score else None) or ""
    going_on = screening.is_open
    ids = [screening.patient_id, screening.id]
    steps: Sequence[str] = asq_policy().next_steps[_kind(instrument, outcome)]
    so_far = None if score else acute(instrument, _given(row))
    if so_far:
        outcome = f"{so_far.title}. {_unfinished(screening)}"
        steps = so_far.steps
    return Asked(
        when=moment(screening.answered_at or screening.created_at, clinic.zone),
        how=MODES.get(screening.mode, ""),
        outcome=outcome or _unfinished(screening),
        acute=bool(so_far) or _kind(instrument, outcome) == "acute",
        steps=() if going_on and not so_far else steps,
        href=reverse(f"clinicians:{'entry' if going_on else 'results'}", args=ids),
        going_on=going_on,
    )


def _given(row: Administration) -> dict[str, int | None]:
    """The answers that count: the latest at each item."""
    found = Answer.objects.filter(administration=row).order_by("seq")
    return dict(found.values_list("link_id", "value"))


def _kind(instrument: Instrument, outcome: str) -> str:
    """The outcome as the ASQ's own data names it."""
    triage = instrument.triage
    if triage is None or not outcome:
        return "none"
    names = {triage.acute: "acute", triage.non_acute: "non_acute"}
    return names.get(outcome, "negative")


def _unfinished(screening: Screening) -> str:
    return "Begun, not finished" if screening.is_open else "Not finished"


def _no_text(language: str) -> str:
    """That there is no official text in the patient's language, where that is so."""
    if (ASQ, language) in definitions.load_all():
        return ""
    name = LANGUAGES.get(language, language)
    return (
        f"The patient's language is {name}, and the ASQ is here in English only. "
        "Nothing is translated here: a translation made on the spot is not the ASQ. "
        "Ask it only of a patient who understands it in English."
    )
