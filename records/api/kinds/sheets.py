"""Responses: what was answered, and when it was answered or came to be otherwise."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.db.models import Case, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from records.api.kinds.base import (
    NOTHING,
    Asking,
    Clause,
    Kind,
    by_date,
    by_id,
    of_patient,
)
from records.api.kinds.order import UPDATED, Sort
from records.api.params import read_token, read_uuid
from records.fhir.parts import Json
from records.fhir.response import questionnaire_response
from records.presenters import as_of, read_sheets, served_rows, since
from screening.models import Administration, Answer, Screening


def changed_since(asking: Asking, at: datetime) -> Q:
    """Whether anything of what was submitted came to be otherwise since then."""
    return since.changed_since(asking.clinic, at)


def written_since(asking: Asking, at: datetime) -> Q:
    """The same, for what is not submitted, too."""
    return since.written_since(asking.clinic, at)


def answered_since(asking: Asking, at: datetime) -> Q:
    """When the patient answered; staff say so of what they entered later."""
    told = Q(screening__answered_at__isnull=False)
    return (told & Q(screening__answered_at__gte=at)) | (~told & since.stands_since(at))


def authored_since(asking: Asking, at: datetime) -> Q:
    """When this set of answers was last changed, as FHIR reads `authored`."""
    amended = Q(score__amended_at__isnull=False)
    return (amended & Q(score__amended_at__gte=at)) | (
        ~amended & answered_since(asking, at)
    )


def _authored() -> Coalesce:
    """The same moment, to sort by."""
    answers = Answer.objects.filter(administration=OuterRef("pk")).order_by()
    last = answers.values("administration").annotate(last=Max("at")).values("last")
    return Coalesce(
        "score__amended_at",
        "screening__answered_at",
        Case(When(~since.UNFINISHED, then=F("completed_at"))),
        "screening__closed_at",
        Subquery(last),
    )


def _status(asking: Asking, value: str) -> Clause:
    opened = Q(screening__status__in=Screening.OPEN)
    counts = Q(screening__retracted_at__isnull=True)
    stands = {
        "completed": Q(score__version=1) & counts,
        "amended": Q(score__version__gt=1) & counts,
        "in-progress": since.UNFINISHED & opened,
        "stopped": since.UNFINISHED & ~opened & counts,
        "entered-in-error": ~counts,
    }
    return Clause(stands.get(read_token(value).code, NOTHING))


def _questionnaire(asking: Asking, value: str) -> Clause:
    url, _, version = value.partition("|")
    prefix = f"{asking.naming.base}/Questionnaire/"
    if not url.startswith(prefix):
        return Clause(NOTHING)
    wanted = Q(definition__instrument_id=url.removeprefix(prefix))
    return Clause(wanted & Q(definition__version=version) if version else wanted)


def _identifier(asking: Asking, value: str) -> Clause:
    token = read_token(value)
    known = read_uuid(token.code.removeprefix("urn:uuid:"))
    right = token.system in (None, "urn:ietf:rfc:3986") and "urn:uuid:" in token.code
    return Clause(Q(id=known) if known and right else NOTHING)


class Responses(Kind[Administration]):
    """What was answered: also what is not finished yet, and says so."""

    type = "QuestionnaireResponse"
    audited = "Administration"
    where: ClassVar = {
        "_id": by_id,
        "_lastUpdated": by_date("_lastUpdated", written_since),
        "patient": of_patient("screening__patient"),
        "subject": of_patient("screening__patient", "subject"),
        "authored": by_date("authored", authored_since),
        "status": _status,
        "questionnaire": _questionnaire,
        "identifier": _identifier,
    }
    sorts: ClassVar = {
        "_lastUpdated": UPDATED,
        "authored": Sort("authored", _authored()),
    }

    def rows(self, asking: Asking) -> QuerySet[Administration]:
        return served_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Administration]) -> list[Json]:
        sheets = read_sheets(asking.clinic, rows, asking.naming)
        made = (as_of(one, asking.clinic, asking.naming) for one in sheets)
        return [questionnaire_response(one) for one in made]

    def versions(self, asking: Asking, resource_id: str) -> list[Json]:
        """Every version of one response, the newest first."""
        known = read_uuid(resource_id)
        rows = list(self.rows(asking).filter(id=known)) if known else []
        made = []
        for sheet in read_sheets(asking.clinic, rows, asking.naming):
            moments = sheet.moments() if sheet.finished else [None]
            for at in reversed(moments):
                then = as_of(sheet, asking.clinic, asking.naming, at)
                made.append(questionnaire_response(then))
        return made
