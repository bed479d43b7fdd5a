"""Patients from a CSV file: read, shown line by line, and only then registered."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinicians.actions.patients import likely_duplicates, register_many
from clinicians.forms import PatientFileForm
from clinicians.forms.files import (
    COLUMNS,
    FileRefused,
    Line,
    PatientFile,
    Refusal,
    decode,
    read_patients,
)
from clinicians.forms.patients import language_choices
from clinicians.presenters.people import PatientHeader, header
from clinicians.views.pages import done, page, refused
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


@staff_view(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_patients(request: StaffRequest) -> HttpResponse:
    """Take a file and show what it holds; nothing is saved by this."""
    if request.method != "POST":
        return _form(request, PatientFileForm())
    form = PatientFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, status=INVALID)
    try:
        text = decode(form.cleaned_data["file"])
        found = _read(request, text)
    except FileRefused as error:
        form.add_error("file", str(error))
        return _form(request, form, status=INVALID)
    preview = _preview(request, found)
    context = {"preview": preview, "text": text}
    return page(request, "staff/import_preview.html", context)


def _read(request: StaffRequest, text: str) -> PatientFile:
    today = timezone.localdate(timezone=ZoneInfo(request.clinic.time_zone))
    return read_patients(text, clinic=request.clinic, today=today)


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
    return Preview(fresh, doubtful, left_out)


def _like(known: PatientHeader) -> str:
    number = known.record_number
    return f"Same birth date and family name: {known.name}, record {number}"


def _same_above(lines: list[Line]) -> dict[int, int]:
    """By line: the first line above it with the same name and birth date."""
    first: dict[tuple[str, str, str], int] = {}
    above: dict[int, int] = {}
    for line in lines:
        d = line.details
        person = (d.birth_date, d.family_name.casefold(), d.given_name.casefold())
        if first.setdefault(person, line.number) != line.number:
            above[line.number] = first[person]
    return above


@staff_view(Permission.REGISTER_PATIENTS)
@require_http_methods(["POST"])
def confirm_import(request: StaffRequest) -> HttpResponse:
    """Register the lines that were shown, read anew; doubtful ones only if ticked."""
    try:
        found = _read(request, request.POST.get("text", ""))
    except FileRefused as error:
        refused(request, error)
        return redirect("clinicians:import")
    preview = _preview(request, found)
    ticked = set(request.POST.getlist("anyway"))
    rows = [line.details for line in preview.fresh]
    rows += [d.line.details for d in preview.doubtful if str(d.line.number) in ticked]
    added = register_many(
        clinic=request.clinic, rows=rows, by=request.user, at=timezone.now()
    )
    left = len(found.lines) + len(found.refused) - added
    patients = f"{added} patient{pluralize(added)}"
    lines = f"{left} line{pluralize(left)}"
    done(request, f"{patients} registered, {lines} left out.")
    return redirect("clinicians:patients")
