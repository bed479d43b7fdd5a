"""Acting on several cases at once: looked at again first, and undone while there is time."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from clinicians.actions.base import CaseChanged
from clinicians.actions.bulk import act_on_several, check_one_of_several
from clinicians.actions.bulk import undo as undo_act
from clinicians.actions.reviewing import ClaimedByOther
from clinicians.models import BulkAct
from clinicians.presenters.people import PatientHeader, header
from clinicians.views.pages import done, page, refused
from clinicians.workflow import CloseRefused, MoveRefused
from clinicians.workflow.bulk import BulkKind, BulkRefused
from core.permissions import Permission, StaffRequest, staff_view
from screening.models import Episode

CONFLICT = 409
REFUSALS = (BulkRefused, CaseChanged, ClaimedByOther, CloseRefused, MoveRefused)
WORDS = {
    BulkKind.CLAIM: ("Claim these cases", "Claim", "claimed"),
    BulkKind.CLOSE: ("Close these cases as reviewed", "Close", "closed"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the chosen cases, and why it is left out if it is."""

    id: uuid.UUID
    version: int
    tier: str
    patient: PatientHeader
    refused: str


@dataclass(frozen=True, slots=True)
class Undoable:
    """What the reader did a moment ago."""

    id: uuid.UUID
    said: str
    until: str


@staff_view(Permission.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def several(request: StaffRequest) -> HttpResponse:
    """List the chosen cases to be looked at once more; a POST acts on them."""
    given = request.POST if request.method == "POST" else request.GET
    if given.get("kind") not in list(BulkKind):
        raise Http404
    kind = BulkKind(given["kind"])
    try:
        seen = _seen(given.getlist("case"))
    except ValueError as error:
        raise Http404 from error
    if not seen:
        refused(request, ValueError("Choose at least one case first."))
        return redirect("clinicians:queue")
    if request.method != "POST":
        return _look(request, kind, seen)
    try:
        act = act_on_several(
            kind=kind,
            clinic=request.clinic,
            seen=seen,
            by=request.user,
            at=timezone.now(),
        )
    except REFUSALS as error:
        refused(request, ValueError(f"Nothing was done. {error}"))
        return _look(request, kind, seen, status=CONFLICT)
    return redirect(f"{reverse('clinicians:queue')}?done={act.id}")


def _seen(cases: Sequence[str]) -> dict[uuid.UUID, int]:
    """Each case with the version that stood on the page; 0 where none did."""
    pairs = (case.partition(":") for case in cases)
    return {uuid.UUID(id_): int(version or 0) for id_, _, version in pairs}


def _look(
    request: StaffRequest,
    kind: BulkKind,
    seen: dict[uuid.UUID, int],
    *,
    status: int = 200,
) -> HttpResponse:
    rows = Episode.objects.filter(clinic=request.clinic, id__in=seen)
    rows = rows.select_related("patient__merged_into", "clinic").prefetch_related(
        "flags", "patient__identifiers", "patient__merged_into__identifiers"
    )
    chosen = [
        _chosen(request, kind, row) for row in rows.order_by("tier_rank", "due_at")
    ]
    if len(chosen) != len(seen):
        raise Http404
    title, button, _ = WORDS[kind]
    context = {
        "kind": kind.value,
        "title": title,
        "button": button,
        "taken": [row for row in chosen if not row.refused],
        "left_out": [row for row in chosen if row.refused],
    }
    return page(request, "staff/several.html", context, status=status)


def _chosen(request: StaffRequest, kind: BulkKind, row: Episode) -> Chosen:
    why = ""
    try:
        check_one_of_several(kind, row, request.user)
    except (BulkRefused, MoveRefused) as error:
        why = str(error)
    return Chosen(row.id, row.version, row.tier, header(row.patient), why)


@staff_view(Permission.REVIEW)
@require_POST
def undo(request: StaffRequest, act_id: uuid.UUID) -> HttpResponse:
    """Put the cases back as they were."""
    act = get_object_or_404(BulkAct, clinic=request.clinic, id=act_id)
    try:
        put_back, left = undo_act(act=act, by=request.user, at=timezone.now())
    except BulkRefused as error:
        refused(request, error)
        return redirect("clinicians:queue")
    if left:
        sentence = f"{left} could not be undone: something has happened there since."
        refused(request, ValueError(sentence))
    if put_back:
        done(request, f"Undone: {_cases(put_back)} as before.")
    return redirect("clinicians:queue")


def undoable(request: StaffRequest, at: datetime) -> Undoable | None:
    """The act that the address names, while its time runs."""
    try:
        act_id = uuid.UUID(request.GET.get("done", ""))
    except ValueError:
        return None
    act = BulkAct.objects.filter(id=act_id, by=request.user, undone_at=None).first()
    if act is None or at > act.undo_until_at:
        return None
    said = f"{_cases(len(act.cases))} {WORDS[BulkKind(act.kind)][2]}."
    until = act.undo_until_at.astimezone(request.clinic.zone)
    return Undoable(act.id, said, f"{until:%H:%M:%S}")


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"
