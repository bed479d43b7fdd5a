"""Inviting several patients: choose, look at who gets what, confirm, print the rest."""

import uuid
from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from clinicians.actions.inviting import has_address, open_screenings
from clinicians.actions.inviting_many import BatchRefused, Wanted, invite_many, plan
from clinicians.actions.missed import missed_of, wanted_again
from clinicians.definitions import planning_policy
from clinicians.forms.planning import OWN, SeveralForm, is_id
from clinicians.models import InviteBatch
from clinicians.presenters import inviting as present
from clinicians.views.pages import page, refused
from core.models import Patient
from core.permissions import Permission, StaffRequest, staff_view
from screening.actions import InvitationRefused, NotAvailable

INVALID, CONFLICT = 422, 409
# What was not answered is asked again, rather than patients of the list.
AGAIN = "again"
REFUSALS = (BatchRefused, InvitationRefused, NotAvailable)


@staff_view(Permission.INVITE)
@require_safe
def choose(request: StaffRequest) -> HttpResponse:
    """List active patients to tick, and what to ask them."""
    initial = {"battery": request.clinic.battery, "language": OWN}
    form = SeveralForm(clinic=request.clinic, ids=[], initial=initial)
    return _choose(request, form, ticked=[])


def _choose(
    request: StaffRequest,
    form: SeveralForm,
    *,
    ticked: Sequence[str],
    status: int = 200,
) -> HttpResponse:
    active = Patient.objects.filter(clinic=request.clinic, status=Patient.Status.ACTIVE)
    active = active.prefetch_related("identifiers").order_by("-created_at", "id")
    most = planning_policy().invite_most
    found = Paginator(active, most).get_page(request.GET.get("page", "1"))
    busy = open_screenings(patient.id for patient in found)
    context = {
        "form": form,
        "page": found,
        "rows": [
            present.candidate(
                row,
                busy.get(row.id),
                reachable=has_address(row),
                ticked=str(row.id) in ticked,
            )
            for row in found
        ],
        "most": most,
    }
    return page(request, "staff/invite_several.html", context, status=status)


@staff_view(Permission.INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: StaffRequest) -> HttpResponse:
    """Show who would get an e-mail, who a sheet, and who is left out and why."""
    if request.method != "POST":
        # Nobody is chosen in an address: back to the list, on its page.
        pages = request.GET.urlencode()
        return redirect(f"{reverse('clinicians:invite-several')}?{pages}")
    if AGAIN in request.POST:
        return _look(request, _wanted_again(request))
    form = _form(request)
    if not form.is_valid():
        # Said of the whole form: the list is no field that a link could lead to.
        if form.errors.pop("patient", None):
            form.add_error(None, "Choose at least one patient.")
        ticked = request.POST.getlist("patient")
        return _choose(request, form, ticked=ticked, status=INVALID)
    return _look(request, _wanted(request, form))


def _form(request: StaffRequest) -> SeveralForm:
    ids = request.POST.getlist("patient")
    return SeveralForm(request.POST, clinic=request.clinic, ids=ids)


def _wanted(request: StaffRequest, form: SeveralForm) -> list[Wanted]:
    given = form.cleaned_data
    own = given["language"] == OWN
    languages = dict(
        Patient.objects.filter(
            clinic=request.clinic, id__in=given["patient"]
        ).values_list("id", "language")
    )
    return [
        Wanted(
            id_,
            given["battery"],
            languages.get(id_, "") if own else given["language"],
        )
        for id_ in given["patient"]
    ]


def _wanted_again(request: StaffRequest) -> list[Wanted]:
    ids = request.POST.getlist("screening")
    if not all(is_id(one) for one in ids):
        raise Http404
    rows = missed_of(request.clinic, at=timezone.now()).filter(id__in=ids)
    return wanted_again(rows.select_related("patient__merged_into"))


def _look(
    request: StaffRequest, wanted: list[Wanted], *, status: int = 200
) -> HttpResponse:
    try:
        planned = plan(request.clinic, wanted)
    except BatchRefused as error:
        refused(request, error)
        again = AGAIN in request.POST
        return redirect(f"clinicians:{'missed' if again else 'invite-several'}")
    hidden = [
        (name, value)
        for name in ("patient", "battery", "language", "screening", AGAIN)
        for value in request.POST.getlist(name)
    ]
    mailed = [present.planned(p) for p in planned if p.mailed]
    printed = [present.planned(p) for p in planned if not p.mailed and not p.why]
    context = {
        "mailed": mailed,
        "printed": printed,
        "number": len(mailed) + len(printed),
        "left_out": [present.planned(p) for p in planned if p.why],
        "hidden": hidden,
        "batch": request.POST.get("batch") or uuid.uuid4(),
        "again": AGAIN in request.POST,
    }
    return page(request, "staff/invite_look.html", context, status=status)


@staff_view(Permission.INVITE)
@require_POST
def send(request: StaffRequest) -> HttpResponse:
    """Invite them; pressed twice, it is done once."""
    batch, again = request.POST.get("batch", ""), AGAIN in request.POST
    form = _form(request)
    if not is_id(batch) or not (again or form.is_valid()):
        refused(request, ValueError("Nobody was invited. Choose anew."))
        return redirect("clinicians:invite-several")
    if InviteBatch.objects.filter(id=batch, clinic=request.clinic).exists():
        return redirect("clinicians:invited", batch)
    wanted = _wanted_again(request) if again else _wanted(request, form)
    try:
        row = invite_many(
            batch_id=uuid.UUID(batch),
            clinic=request.clinic,
            wanted=wanted,
            by=request.user,
            at=timezone.now(),
        )
    except REFUSALS as error:
        refused(request, ValueError(f"Nobody was invited. {error}"))
        return _look(request, wanted, status=CONFLICT)
    return redirect("clinicians:invited", row.id)
