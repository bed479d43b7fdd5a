"""The team's figures: how soon alerts are taken, who does the work, what flags led to."""

from collections.abc import Sequence
from datetime import datetime

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from clinicians.actions.looking import record_view
from clinicians.definitions import figures_policy
from clinicians.presenters.figures import (
    Chosen,
    Table,
    figures_tables,
    fixed_rules,
    period_of,
    rules_tables,
)
from clinicians.presenters.tables import as_csv
from clinicians.views.pages import attachment, page
from core.permissions import Permission, StaffRequest, can, staff_view

SMALL = "&small=shown"


@staff_view(Permission.SEE_FIGURES)
@require_safe
def figures(request: StaffRequest) -> HttpResponse:
    """Show the team's tables for the days that the address asks for."""
    return _show(request, "figures", "staff/figures.html")


@staff_view(Permission.SEE_FIGURES)
@require_safe
def rules(request: StaffRequest) -> HttpResponse:
    """Show what the flags of each rule led to."""
    return _show(request, "figures-rules", "staff/figures_rules.html")


@staff_view(Permission.SEE_FIGURES)
@require_safe
def figures_csv(request: StaffRequest, table: str) -> HttpResponse:
    """One table as a file. What leaves the page never has small numbers in it, whoever
    asks; the download is on record.
    """
    at = timezone.now()
    chosen = period_of(request.GET.dict(), request.clinic, at=at)
    whole = "figures-rules" if table in ("rules", "ends") else "figures"
    tables = _tables(request, whole, chosen, small=False, at=at)
    found = next((one for one in tables if one.name == table), None)
    if found is None:
        raise Http404
    record_view(
        kind="FIGURES_DOWNLOADED",
        object_type="clinic",
        object_id=request.clinic.id,
        by=request.user,
        at=at,
        detail={"table": table, "from": chosen.first, "to": chosen.last},
    )
    name = f"{slugify(request.clinic.name) or 'clinic'}-{table}"
    name = f"{name}-{chosen.first}-to-{chosen.last}.csv"
    return attachment(as_csv(found.csv()), "text/csv; charset=utf-8", name)


def _show(request: StaffRequest, name: str, template: str) -> HttpResponse:
    at = timezone.now()
    chosen = period_of(request.GET.dict(), request.clinic, at=at)
    # Whoever may read the cases could count them one by one.
    may = can(request.user, Permission.SEE_CASES)
    small = may and request.GET.get("small") == "shown"
    path = reverse(f"clinicians:{name}")
    context = {
        "tables": _tables(request, name, chosen, small=small, at=at),
        "chosen": chosen,
        "offers": chosen.offers(path, more=SMALL if small else ""),
        "zone": request.clinic.time_zone.replace("_", " "),
        "policy": figures_policy(),
        "fixed": fixed_rules(),
        "small": small,
        "may_see_small": may,
        "other": f"{path}?{chosen.query}{'' if small else SMALL}",
    }
    return page(request, template, context)


def _tables(
    request: StaffRequest, name: str, chosen: Chosen, *, small: bool, at: datetime
) -> Sequence[Table]:
    clinic, user, period = request.clinic, request.user, chosen.period
    if name == "figures":
        return figures_tables(clinic, user, period, small=small, at=at)
    return rules_tables(clinic, user, period, small=small)
