"""The clinic-side data files: review, queue, course, settings, figures, the ASQ's."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from clinicians.workflow import ReviewPolicy, build_policy
from clinicians.workflow.caution import CautionPolicy, build_caution_policy
from clinicians.workflow.figures import FiguresPolicy, build_figures_policy
from clinicians.workflow.planning import PlanningPolicy, build_planning_policy
from clinicians.workflow.queue import QueuePolicy, build_queue_policy
from clinicians.workflow.records import RecordsPolicy, build_records_policy
from clinicians.workflow.retracting import RetractReasons, build_retract_reasons
from clinicians.workflow.security import SecurityPolicy, build_security_policy
from clinicians.workflow.settings import SettingsPolicy
from clinicians.workflow.settings_reading import build_settings_policy
from clinicians.workflow.treatment import TreatmentKinds, build_treatment_kinds
from screening.definitions import flag_rules
from screening.definitions.files import read_json
from screening.domain.reading import Reader, read_review

ROOT = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class TrendPolicy:
    """How far apart two joined totals may be, in days, and how many are shown."""

    max_gap_days: int
    newest: int


@lru_cache(maxsize=1)
def review_policy(root: Path = ROOT) -> ReviewPolicy:
    """The review policy as shipped; raises DefinitionError if it cannot be used."""
    return build_policy(read_json(root / "review.json", root), file="review.json")


@lru_cache(maxsize=1)
def queue_policy(root: Path = ROOT) -> QueuePolicy:
    """How the queue is shown; raises DefinitionError if the file cannot be used."""
    return build_queue_policy(read_json(root / "queue.json", root), file="queue.json")


@lru_cache(maxsize=1)
def security_policy(root: Path = ROOT) -> SecurityPolicy:
    """Limits of emergencies and audit; raises DefinitionError if unusable."""
    data = read_json(root / "security.json", root)
    return build_security_policy(data, file="security.json")


@lru_cache(maxsize=1)
def trend_policy(root: Path = ROOT) -> TrendPolicy:
    """How a course is drawn; raises DefinitionError if the file cannot be used."""
    reader = Reader(read_json(root / "trend.json", root), "trend.json")
    reader.only(
        *("version", "about", "sources", "max_gap_days", "newest"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    read_review(reader)
    reader.text("version")
    reader.text("about")
    reader.sources()
    for key in ("max_gap_days", "newest"):
        if reader.integer(key) < 1:
            raise reader.refusal("must be at least 1", key)
    return TrendPolicy(reader.integer("max_gap_days"), reader.integer("newest"))


@lru_cache(maxsize=1)
def caution_policy(root: Path = ROOT) -> CautionPolicy:
    """When answers are marked; raises DefinitionError if the file cannot be used."""
    data = read_json(root / "caution.json", root)
    return build_caution_policy(data, file="caution.json")


@lru_cache(maxsize=1)
def figures_policy(root: Path = ROOT) -> FiguresPolicy:
    """How figures are shown; raises DefinitionError if the file cannot be used."""
    data = read_json(root / "figures.json", root)
    rules = [rule.id for rule in flag_rules()]
    return build_figures_policy(data, file="figures.json", rules=rules)


@lru_cache(maxsize=1)
def treatment_kinds(root: Path = ROOT) -> TreatmentKinds:
    """What may be marked on a course; raises DefinitionError if unusable."""
    data = read_json(root / "treatment.json", root)
    return build_treatment_kinds(data, file="treatment.json")


@lru_cache(maxsize=1)
def retract_reasons(root: Path = ROOT) -> RetractReasons:
    """Why a screening is entered in error; raises DefinitionError if unusable."""
    data = read_json(root / "retracting.json", root)
    return build_retract_reasons(data, file="retracting.json")


@lru_cache(maxsize=1)
def records_policy(root: Path = ROOT) -> RecordsPolicy:
    """How patients' records are kept; raises DefinitionError if unusable."""
    data = read_json(root / "records.json", root)
    return build_records_policy(data, file="records.json")


@lru_cache(maxsize=1)
def settings_policy(root: Path = ROOT) -> SettingsPolicy:
    """What a clinic may set; raises DefinitionError if the file cannot be used."""
    data = read_json(root / "settings.json", root)
    return build_settings_policy(data, file="settings.json")


@lru_cache(maxsize=1)
def planning_policy(root: Path = ROOT) -> PlanningPolicy:
    """When patients are asked and reminded; raises DefinitionError if unusable."""
    data = read_json(root / "planning.json", root)
    return build_planning_policy(data, file="planning.json")


@dataclass(frozen=True, slots=True)
class AsqPolicy:
    """When the ASQ is offered on a case, and what follows from each outcome."""

    after: frozenset[str]
    next_steps: Mapping[str, tuple[str, ...]]
    review_state: str
    sources: tuple[str, ...]


@lru_cache(maxsize=1)
def asq_policy(root: Path = ROOT) -> AsqPolicy:
    """What surrounds the ASQ; raises DefinitionError if the file cannot be used."""
    reader = Reader(read_json(root / "asq.json", root), "asq.json")
    reader.only(
        *("version", "about", "sources", "after", "next"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    state, _, _ = read_review(reader)
    reader.text("version")
    reader.text("about")
    after = reader.texts("after")
    if unknown := set(after) - {rule.id for rule in flag_rules()}:
        raise reader.refusal(f"no such rule: {', '.join(sorted(unknown))}", "after")
    steps = reader.child("next")
    steps.only("acute", "non_acute", "negative", "none")
    return AsqPolicy(
        after=frozenset(after),
        next_steps={outcome: steps.sources(outcome) for outcome in steps.data},
        review_state=state,
        sources=reader.sources(),
    )
