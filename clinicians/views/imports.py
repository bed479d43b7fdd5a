"""Patients from a CSV file: read, shown line by line, and only then registered."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinicians.actions.importing import (
    CROWD,
    likely_duplicates,
    register_many,
    same_name,
)
from clinicians.forms import PatientFileForm
from clinicians.forms.csv_text import FileRefused, decode
from clinicians.forms.files import (
    COLUMNS,
    Line,
    PatientFile,
    Refusal,
    read_patients,
)
from clinicians.forms.patients import DATE_ORDERS, ISO, language_choices
from clinicians.presenters.people import PatientHeader, header
from clinicians.presenters.times import stored_day
from clinicians.views.pages import page, refused
from clinicians.workflow.likeness import Name, read_name
from core.permissions import Permission, StaffRequest, staff_view

INVALID = 422


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A line that may be somebody who is there already, or on a line above."""

    line: Line
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen to every line of the file."""

    fresh: list[Line]
    doubtful: list[Doubtful]
    refused: list[Refusal]
    ignored: Sequence[str]


@staff_view(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_patients(request: StaffRequest) -> HttpResponse:
    """Take a file and show what it holds; nothing is saved by this."""
    if request.method != "POST":
        return _form(request, PatientFileForm())
    form = PatientFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, status=INVALID)
    dates = form.cleaned_data["dates"]
    try:
        decoded = decode(form.cleaned_data["file"])
        found = _read(request, decoded.text, dates)
    except FileRefused as error:
        form.add_error("file", str(error))
        return _form(request, form, status=INVALID)
    preview = _preview(request, found)
    context = {
        "preview": preview,
        # In words, so that a month that was taken for a day is seen.
        "fresh": [(x, stored_day(x.details.birth_date)) for x in preview.fresh],
        "text": decoded.text,
        "dates": dates,
        "guessed": decoded.guessed,
    }
    return page(request, "staff/import_preview.html", context)


def _read(request: StaffRequest, text: str, dates: str) -> PatientFile:
    today = timezone.localdate(timezone=request.clinic.zone)
    return read_patients(text, clinic=request.clinic, today=today, dates=dates)


def _form(
    request: StaffRequest, form: PatientFileForm, *, status: int = 200
) -> HttpResponse:
    languages = language_choices(request.clinic)
    context = {"form": form, "columns": COLUMNS, "languages": languages}
    return page(request, "staff/import.html", context, status=status)


def _preview(request: StaffRequest, found: PatientFile) -> Preview:
    known = likely_duplicates(request.clinic, [line.details for line in found.lines])
    fresh, doubtful, left_out = [], [], list(found.refused)
    above = _same_above(found.lines)
    for line in found.lines:
        number = line.details.record_number
        if number in known.same_number:
            reason = f"Record number {number} is registered already."
            left_out.append(Refusal(line.number, reason))
        elif number in known.same_person:
            doubtful.append(Doubtful(line, _like(header(known.same_person[number]))))
        elif line.number in above:
            why = f"Same birth date and name as line {above[line.number]}"
            doubtful.append(Doubtful(line, why))
        else:
            fresh.append(line)
    left_out.sort(key=lambda refusal: refusal.number)
    return Preview(fresh, doubtful, left_out, found.ignored)


def _like(known: PatientHeader) -> str:
    number = known.record_number
    state = f", {known.state.lower()}" if known.state else ""
    return f"Same birth date and a name that is alike: {known.name}, record {number}{state}"


def _same_above(lines: list[Line]) -> dict[int, int]:
    """By line: the first line above it with the same birth date and a similar name.

    The rest of a crowd is registered unasked, and shown by the search for duplicates.
    """
    first: dict[str, list[tuple[Name, int]]] = defaultdict(list)
    above: dict[int, int] = {}
    for line in lines:
        details = line.details
        earlier = first[details.birth_date]
        same = (number for name, number in earlier if same_name(details, name))
        if (number := next(same, None)) is not None:
            above[line.number] = number
        elif len(earlier) < CROWD:
            name = read_name(details.family_name, details.given_name)
            earlier.append((name, line.number))
    return above


def _not_ticked(preview: Preview, ticked: set[str]) -> list[Refusal]:
    return [
        Refusal(one.line.number, f"{one.why}. It was not ticked.")
        for one in preview.doubtful
        if str(one.line.number) not in ticked
    ]


@staff_view(Permission.REGISTER_PATIENTS)
@require_http_methods(["POST"])
def confirm_import(request: StaffRequest) -> HttpResponse:
    """Register the lines that were shown, read anew; doubtful ones only if ticked."""
    dates = request.POST.get("dates", ISO)
    try:
        known = dates if dates in dict(DATE_ORDERS) else ISO
        found = _read(request, request.POST.get("text", ""), known)
    except FileRefused as error:
        refused(request, error)
        return redirect("clinicians:import")
    preview = _preview(request, found)
    ticked = set(request.POST.getlist("anyway"))
    lines = [*preview.fresh]
    lines += [d.line for d in preview.doubtful if str(d.line.number) in ticked]
    taken = set(
        register_many(
            clinic=request.clinic,
            rows=[line.details for line in lines],
            by=request.user,
            at=timezone.now(),
        )
    )
    not_ticked = _not_ticked(preview, ticked)
    too_late = [
        Refusal(line.number, "The record number was taken meanwhile.")
        for line in lines
        if line.details.record_number in taken
    ]
    left_out = sorted(
        [*preview.refused, *not_ticked, *too_late], key=lambda one: one.number
    )
    # Not by way of another page: what was left out would be told nowhere. Sent again,
    # the numbers are known, and nobody is registered twice.
    added, left = len(lines) - len(taken), len(left_out)
    said = (
        f"{added} patient{pluralize(added)} registered, "
        f"{left} line{pluralize(left)} left out."
    )
    context = {"added": added, "said": said, "left_out": left_out}
    return page(request, "staff/import_done.html", context)
