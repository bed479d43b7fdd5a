"""Cases, as far as they are nobody's secret, and the questionnaires that there are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.models import Clinic
from records.actions import note_listing
from records.api.base import base_url, token_of
from records.api.plain import documented
from records.api.plain.base import PlainView, a_page, one_of
from records.api.plain.shapes import CasePage, CaseShape, QuestionnaireList
from records.presenters import Naming
from records.presenters.incoming import in_use
from screening.models import Episode

REVIEW = "Task"
WAITING, IN_REVIEW, CLOSED = "waiting", "in-review", "closed"
CASES = {
    WAITING: [Episode.Status.OPEN],
    IN_REVIEW: [
        Episode.Status.ACKNOWLEDGED,
        Episode.Status.IN_PROGRESS,
        Episode.Status.TO_CONFIRM,
    ],
    CLOSED: [Episode.Status.CLOSED],
}
FORM = {
    "id": "phq-9",
    "canonical": "https://clinic.example/fhir/R4/Questionnaire/phq-9|2026.1",
    "version": "2026.1",
    "title": "Patient Health Questionnaire (PHQ-9)",
    "languages": ["en", "es-US"],
    "by_link": True,
}


class Cases(PlainView):
    """Not why a case is open, nor how urgent it is: that is read as Flag and Task."""

    needs = {"GET": (REVIEW, "search-type")}
    knows = ("state", "cursor", "limit")

    @documented.operation(
        name="list_cases",
        summary="Cases and whether they wait, the newest first",
        scope="system/Task.rs",
        shape=CasePage,
        example={"results": [documented.CASE], "next": None},
        parameters=[
            documented.filtered("state", list(CASES), "Only those in this state."),
            documented.CURSOR,
            documented.LIMIT,
        ],
    )
    def get(self, request: Request) -> Response:
        token, at = token_of(request), timezone.now()
        rows = _cases(token.client.clinic)
        if state := one_of(request, "state", CASES):
            rows = rows.filter(status__in=CASES[state])
        found, after = a_page(request, rows, "opened_at")
        note_listing(
            token=token,
            resource=REVIEW,
            object_type="episode",
            object_ids=[row.id for row in found],
            at=at,
        )
        results = [_case(row, at=at) for row in found]
        return Response({"results": results, "next": after})


class OneCase(PlainView):
    needs = {"GET": (REVIEW, "read")}

    @documented.operation(
        name="read_case",
        summary="One case and whether it waits",
        scope="system/Task.rs",
        shape=CaseShape,
        example=documented.CASE,
        errors=(404,),
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        token, at = token_of(request), timezone.now()
        row = _cases(token.client.clinic).filter(id=case_id).first()
        if row is None:
            raise Http404
        note_listing(
            token=token,
            resource=REVIEW,
            object_type="episode",
            object_ids=[row.id],
            at=at,
        )
        return Response(_case(row, at=at))


class Questionnaires(PlainView):
    needs = {"GET": ("Questionnaire", "search-type")}

    @documented.operation(
        name="list_questionnaires",
        summary="The questionnaires that can be asked",
        scope="system/Questionnaire.rs",
        shape=QuestionnaireList,
        example={"results": [FORM]},
    )
    def get(self, request: Request) -> Response:
        results = [
            {
                "id": there[0].id,
                "canonical": f"{url}|{there[0].version}",
                "version": there[0].version,
                "title": there[0].title,
                "languages": sorted(one.language for one in there),
                "by_link": there[0].self_administered,
            }
            for url, there in sorted(in_use(Naming(base_url())).items())
        ]
        return Response({"results": results})


class NoSuch(PlainView):
    """Whatever else is asked for; a stranger hears of the token first."""

    needs = {}
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404


def _cases(clinic: Clinic) -> QuerySet[Episode]:
    return Episode.objects.filter(clinic=clinic).select_related("patient")


def _case(row: Episode, *, at: datetime) -> dict[str, Any]:
    status = Episode.Status(row.status)
    state = next(word for word, statuses in CASES.items() if status in statuses)
    return {
        "id": row.id,
        "patient": row.patient.merged_into_id or row.patient_id,
        "state": state,
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "overdue": state != CLOSED and row.due_at < at,
    }
