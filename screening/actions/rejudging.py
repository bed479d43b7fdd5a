"""Looks again at later scores, where one before them has changed or come in late."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from core.audit import Actor
from core.models import same_person
from screening import definitions
from screening.actions import chain
from screening.actions.flagging import raise_flags
from screening.actions.submitting import judge
from screening.models import Administration, Score
from screening.models.sitting import Sitting, load


def lock_later(
    patient_id: uuid.UUID, instrument_ids: Collection[str], *, after: datetime
) -> list[Administration]:
    """Lock what the patient answered later with the same instruments, oldest first.

    Call it before any flag is raised: everybody locks screenings in this order, and
    the case after them.
    """
    rows = Score.objects.filter(
        patient_id__in=same_person(patient_id).values("id"),
        instrument_id__in=instrument_ids,
        complete=True,
        at__gt=after,
        administration__screening__retracted_at=None,
    ).order_by("at", "administration_id")
    found: list[Administration] = []
    sittings: dict[uuid.UUID, Sitting] = {}
    for row in rows.select_related("administration"):
        screening_id = row.administration.screening_id
        if screening_id not in sittings:
            sittings[screening_id] = load(screening_id, lock=True)
        position = row.administration.position
        found.append(sittings[screening_id].administration(position))
    return found


def judge_again(
    administrations: Sequence[Administration], *, by: Actor, at: datetime
) -> None:
    """Raise what a changed past makes of these scores: worsening, and nothing else.

    Flags are added, never removed; what was raised before is left as it is.
    """
    compares = {
        rule.id
        for rule in definitions.flag_rules()
        if rule.kind == "reliable_worsening"
    }
    for administration in administrations:
        answers = administration.answers.order_by("seq").values_list("link_id", "value")
        _, raised = judge(
            administration, dict(answers), done=(), before=administration.score.at
        )
        raise_flags(
            administration.screening,
            [flag for flag in raised if flag.rule in compares],
            administration=administration,
            by=by,
            at=at,
        )
        chain.save(administration.screening)
