"""Observations, and the Provenances of answers and results."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from records.api.kinds.base import Asking, Clause, by_date, of_patient, says
from records.api.kinds.order import UPDATED, Sort
from records.api.kinds.several import (
    SheetKind,
    by_own_id,
    changed_exactly,
    owner,
    referring,
)
from records.api.kinds.sheets import answered_since, changed_since
from records.api.params import read_span, read_token
from records.fhir import parts
from records.fhir.observation import observations
from records.fhir.parts import IN_ERROR, Json
from records.fhir.provenance import provenances
from records.presenters import as_of, finished_rows, read_sheets
from records.presenters.forms import codes
from records.presenters.origins import origins
from screening.models import Administration


def _category(asking: Asking, value: str) -> Clause:
    """Everything here is a survey, and nothing else."""
    fits = read_token(value).fits(parts.CATEGORY, "survey")
    return Clause(Q() if fits else Q(pk__in=[]))


def _code(asking: Asking, value: str) -> Clause:
    token = read_token(value)
    instruments = {
        instrument
        for instrument, system, code in codes(asking.naming)
        if token.fits(system, code)
    }
    return Clause(
        Q(definition__instrument_id__in=instruments),
        lambda made: any(
            token.fits(one["system"], one["code"]) for one in made["code"]["coding"]
        ),
    )


def _status(asking: Asking, value: str) -> Clause:
    code = read_token(value).code
    # Of one entered in error every Observation is; rows can tell that.
    retracted = Q(screening__retracted_at__isnull=code != IN_ERROR)
    return Clause(retracted, lambda made: bool(made["status"] == code))


class Observations(SheetKind):
    """Panels, answers, totals and outcomes of what was submitted."""

    type = "Observation"
    least = 4
    where: ClassVar = {
        "_id": by_own_id,
        "_lastUpdated": changed_exactly,
        "patient": of_patient("screening__patient"),
        "subject": of_patient("screening__patient", "subject"),
        "category": _category,
        "code": _code,
        "date": by_date("date", answered_since),
        "status": _status,
        "derived-from": referring(
            "derived-from", "derivedFrom", "QuestionnaireResponse", "Observation"
        ),
        "has-member": referring("has-member", "hasMember", "Observation"),
    }
    sorts: ClassVar = {
        "_lastUpdated": UPDATED,
        "date": Sort(
            "effectiveDateTime", Coalesce("screening__answered_at", "completed_at")
        ),
    }

    def rows(self, asking: Asking) -> QuerySet[Administration]:
        return finished_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Administration]) -> list[Json]:
        sheets = read_sheets(asking.clinic, rows, asking.naming)
        made = (as_of(one, asking.clinic, asking.naming) for one in sheets)
        return [each for one in made for each in observations(one)]

    def versions(self, asking: Asking, resource_id: str) -> list[Json]:
        """Every version of one Observation, the newest first."""
        known = owner(resource_id)
        rows = list(self.rows(asking).filter(id=known)) if known else []
        found: dict[str, Json] = {}
        for sheet in read_sheets(asking.clinic, rows, asking.naming):
            for at in reversed(sheet.moments()):
                then = as_of(sheet, asking.clinic, asking.naming, at)
                for made in observations(then):
                    if made["id"] == resource_id:
                        # The earliest moment that has this version wrote it.
                        found[made["meta"]["versionId"]] = made
        return list(found.values())


def _recorded(asking: Asking, value: str) -> Clause:
    span = read_span("recorded", value, asking.clinic.zone)
    narrows = span.prefix in ("eq", "ge", "gt", "sa")
    start = span.start if span.prefix in ("eq", "ge") else span.end
    return Clause(
        changed_since(asking, start) if narrows else Q(),
        lambda made: says(span, datetime.fromisoformat(made["recorded"])),
    )


class Provenances(SheetKind):
    """Where the answers and the results of what was submitted come from."""

    type = "Provenance"
    least = 2
    where: ClassVar = {
        "_id": by_own_id,
        "_lastUpdated": changed_exactly,
        "target": referring("target", "target", "QuestionnaireResponse", "Observation"),
        "recorded": _recorded,
    }
    sorts: ClassVar = {"_lastUpdated": UPDATED, "recorded": Sort("recorded")}

    def rows(self, asking: Asking) -> QuerySet[Administration]:
        return finished_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Administration]) -> list[Json]:
        sheets = read_sheets(asking.clinic, rows, asking.naming)
        found = origins(asking.clinic, sheets, asking.naming, asking.software)
        return [each for one in found for each in provenances(one)]
