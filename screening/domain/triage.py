"""Yes-or-no questions to an outcome; a refusal counts as yes."""

from screening.domain.conditions import Answers
from screening.domain.measures import Triage


def triage_result(triage: Triage | None, answers: Answers) -> str | None:
    """The outcome, refused counting as yes; none while what it rests on is open."""
    if triage is None:
        return None
    # Yes to "right now" stands even if the questions before it were changed to no.
    if answers.get(triage.acuity):
        return triage.acute
    gate = [_counts_as_yes(link_id, answers) for link_id in triage.gate]
    if any(gate):
        if triage.acuity not in answers:
            return None
        return triage.acute if answers[triage.acuity] is None else triage.non_acute
    return triage.negative if None not in gate else None


def _counts_as_yes(link_id: str, answers: Answers) -> bool | None:
    """None while unanswered."""
    if link_id not in answers:
        return None
    value = answers[link_id]
    return value is None or value > 0
