"""Two records of one patient: found, compared, merged, and parted again."""

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from clinicians.actions.looking import record_view
from clinicians.actions.merging import mark_two_people, merge, unmerge
from clinicians.actions.patients import find_by_number
from clinicians.forms.records import MergeForm, OtherForm
from clinicians.models import PatientMerge
from clinicians.presenters.duplicates import duplicates, likely_others
from clinicians.presenters.merging import comparison
from clinicians.presenters.people import header
from clinicians.views.pages import (
    done,
    form_looked_at,
    lead_to_stays,
    page,
    refused,
    the_patient,
)
from clinicians.workflow.records import MergeRefused
from core.models import Patient
from core.permissions import Permission, StaffRequest, can, staff_view
from core.views import recently_authenticated

INVALID, CONFLICT = 422, 409


@staff_view(Permission.MERGE_PATIENTS)
@require_safe
def all_duplicates(request: StaffRequest) -> HttpResponse:
    """List pairs of records that may be of one person, some hundred at a time."""
    place = request.GET.get("after", "")
    try:
        after = uuid.UUID(place) if place else None
    except ValueError as error:
        raise Http404 from error
    found = duplicates(request.clinic, after=after)
    context = {"found": found, "begun": after is not None}
    return page(request, "staff/duplicates.html", context)


@staff_view(Permission.MERGE_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def find_other(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Choose the record to compare this one with: a likely one, or by its number."""
    row = the_patient(request, patient_id)
    if row.merged_into_id:
        return lead_to_stays(row)
    form = OtherForm(request.POST or None)
    if form.is_bound and form.is_valid():
        other = find_by_number(request.clinic, form.cleaned_data["number"])
        if other is None:
            form.add_error("number", "No record of this clinic has this number.")
        elif other.id == row.id:
            form.add_error("number", "This is the number of the same record.")
        else:
            return redirect("clinicians:compare", row.id, other.id)
    form_looked_at(request, row)
    context = {"header": header(row), "pairs": likely_others(row), "form": form}
    status = INVALID if form.is_bound else 200
    return page(request, "staff/merge_find.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Two:
    """The records that an address names, neither of them merged."""

    one: Patient
    other: Patient


def _two(request: StaffRequest, one_id: uuid.UUID, other_id: uuid.UUID) -> Two:
    if one_id == other_id:
        raise Http404
    return Two(the_patient(request, one_id), the_patient(request, other_id))


@staff_view(Permission.MERGE_PATIENTS)
@recently_authenticated()
@require_http_methods(["GET", "HEAD", "POST"])
def compare(
    request: StaffRequest, patient_id: uuid.UUID, other_id: uuid.UUID
) -> HttpResponse:
    """Show both records side by side; merge them once the choice is confirmed."""
    two = _two(request, patient_id, other_id)
    for row in (two.one, two.other):
        if row.merged_into_id:
            refused(request, MergeRefused("One of these records is merged already."))
            return lead_to_stays(row)
    return _compare(request, two)


def _looked(request: StaffRequest, two: Two) -> None:
    for row, other in ((two.one, two.other), (two.other, two.one)):
        record_view(
            kind="PATIENT_COMPARED_VIEWED",
            object_type="patient",
            object_id=row.id,
            by=request.user,
            at=timezone.now(),
            detail={"other": str(other.id)},
        )


def _compare(request: StaffRequest, two: Two) -> HttpResponse:
    found = comparison(two.one, two.other, request.clinic)
    sides = (found.one, found.other)
    form = MergeForm(
        request.POST or None,
        labels={
            side.header.id: f"{side.header.name}, record {side.header.record_number}"
            for side in sides
        },
        typed={side.header.id: side.typed for side in sides},
    )
    status = 200
    if form.is_bound:
        status = INVALID
        if form.is_valid():
            try:
                return _merge(request, two, form.cleaned_data["keep"])
            except MergeRefused as error:
                form.add_error(None, str(error))
                status = CONFLICT
    # Also where a form comes back: the page shows all of both again.
    _looked(request, two)
    context = {
        "header": header(two.one),
        "found": found,
        "sides": sides,
        "form": form,
        "reads": can(request.user, Permission.SEE_CASES),
    }
    return page(request, "staff/merge.html", context, status=status)


def _merge(request: StaffRequest, two: Two, keep: str) -> HttpResponse:
    kept, gone = two.one, two.other
    if keep == str(gone.id):
        kept, gone = gone, kept
    merge(kept=kept, gone=gone, by=request.user, at=timezone.now())
    done(
        request,
        "The two records are one. All that belongs to either is read together here, "
        "and both remain: you can part them again below.",
    )
    return redirect("clinicians:patient", kept.id)


@staff_view(Permission.MERGE_PATIENTS)
@require_POST
def two_people(
    request: StaffRequest, patient_id: uuid.UUID, other_id: uuid.UUID
) -> HttpResponse:
    """Remember that two records are of two people."""
    two = _two(request, patient_id, other_id)
    mark_two_people(one=two.one, other=two.other, by=request.user, at=timezone.now())
    done(request, "These two are not offered as duplicates any more.")
    return redirect("clinicians:duplicates")


@staff_view(Permission.MERGE_PATIENTS)
@recently_authenticated()
@require_POST
def part(
    request: StaffRequest, patient_id: uuid.UUID, merge_id: uuid.UUID
) -> HttpResponse:
    """Undo a merge."""
    row = the_patient(request, patient_id)
    rows = PatientMerge.objects.filter(clinic=request.clinic)
    merged = get_object_or_404(
        rows.select_related("kept", "gone__merged_into"), id=merge_id
    )
    if row.id not in (merged.kept_id, merged.gone_id, merged.gone.stays.id):
        raise Http404
    try:
        freed = unmerge(row=merged, by=request.user, at=timezone.now())
    except MergeRefused as error:
        refused(request, error)
        return redirect("clinicians:patient", row.id)
    done(
        request,
        "The two records are parted. This is the one that had been merged; what came "
        "to the other one in the meantime stayed there, and a schedule that ended when "
        "they were merged stays ended.",
    )
    return redirect("clinicians:patient", freed.id)
