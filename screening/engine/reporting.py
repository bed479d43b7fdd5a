"""A report about a wording: kept, its words searched for danger, and the question again."""

from datetime import datetime

from django.db import transaction

from screening.actions import reports, turns
from screening.domain.dialogue import Step
from screening.engine import hearing
from screening.engine.values import Claim, Outcome, Said, Taken
from screening.models.sitting import load


def report(
    claim: Claim, reported: reports.Reported, words: str, *, at: datetime
) -> Taken:
    """Keep a report; it leads back to the question, or to help if its words call for it.

    Raises NoSuchSitting, Over, or AnswerRefused for an item that is not there.
    """
    said = Said(
        key=reported.key,
        position=reported.position,
        link_id=reported.link_id,
        words=words,
    )
    kept = _keep(claim, said, reported, at=at)
    if isinstance(kept, Taken):
        return kept
    sitting = load(claim.screening_id)
    step = Step(part=reported.position, link_id=reported.link_id)
    outcome = Outcome.at_step("reported", sitting, step, note="reported")
    if kept is None:
        return Taken(outcome, sitting)
    finding = hearing.listen(kept, sitting, at=at)
    if finding.level == "urgent":
        return hearing.lead_to_help(sitting, kept)
    if finding.level == "concern":
        outcome = Outcome.at_step(
            "reported",
            sitting,
            step,
            note="reported",
            turn=str(kept.turn_id),
            concern=True,
        )
    turns.settle_turn(
        turn_id=kept.turn_id,
        outcome=outcome.to_dict(),
        interpretation={"result": "Reported"},
    )
    return Taken(outcome, sitting)


@transaction.atomic
def _keep(
    claim: Claim, said: Said, reported: reports.Reported, *, at: datetime
) -> Taken | hearing.Kept | None:
    """First commit: the report, with its words if there are any."""
    kept = hearing.keep_words(claim, said, at=at) if said.words else None
    sitting = hearing.locked(claim)
    turn_id = kept.turn_id if isinstance(kept, hearing.Kept) else None
    if isinstance(kept, Taken):
        # These words were sent before; what they are said of may be another thing now.
        said, _before = hearing.settled(sitting, said)
        turn_id = sitting.turns[said.key].id
    reports.report_wording(sitting, reported, turn_id=turn_id, at=at)
    return kept
