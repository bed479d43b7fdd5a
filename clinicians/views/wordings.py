"""The wording library: every text beside its official question, signed in bulk."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinicians.presenters.wording_filters import narrowed, read_wanted
from clinicians.presenters.wording_reports import waiting
from clinicians.presenters.wordings import Entry, entries, present
from clinicians.views.pages import done, page, refused
from core.permissions import Permission, StaffRequest, can, staff_view
from screening.actions import role_of, sign_many
from screening.models import WordingSignOff

PER_PAGE = 24


@staff_view(Permission.SIGN_WORDINGS)
@require_safe
def wordings(request: StaffRequest) -> HttpResponse:
    """Show the texts that the filters leave, with a box to tick at each to sign."""
    role = role_of(request.user)
    wanted = read_wanted(request.GET)
    everything = entries(request.clinic)
    found = narrowed(everything, wanted, role)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = wanted.query()
    rows = [present(entry, role) for entry in shown]
    context = {
        "wanted": wanted,
        "tags": list(wanted.tags()),
        "problems": wanted.problems,
        "shown": shown,
        "rows": rows,
        "to_tick": any(row.to_sign for row in rows),
        "query": f"{query}&" if query else "",
        "here": wanted.query(page=str(shown.number)),
        "found": len(found),
        "waiting": sum(entry.to_sign(role) for entry in everything),
        "reports": waiting(request.clinic),
        "role": WordingSignOff.Role(role).label,
        "policy": request.clinic.get_wording_policy_display(),
        "may_propose": can(request.user, Permission.PROPOSE_WORDINGS),
    }
    return page(request, "staff/wordings.html", context)


@staff_view(Permission.SIGN_WORDINGS)
@require_http_methods(["POST"])
def sign(request: StaffRequest) -> HttpResponse:
    """Show once more what was ticked, and sign it when that is confirmed."""
    ticked = request.POST.getlist("wording")
    chosen = _chosen(request, ticked)
    if len(chosen) < len(set(ticked)):
        changed = "Some texts changed meanwhile. Read them again."
        refused(request, ValueError(changed))
    if not chosen:
        if not ticked:
            refused(request, ValueError("Tick what you have read, then sign."))
        return _back(request)
    if request.POST.get("confirmed") == "yes":
        return _signed(request, chosen)
    role = role_of(request.user)
    context = {
        "rows": [present(entry, role) for entry in chosen],
        "role": WordingSignOff.Role(role).label,
        "here": request.POST.get("here", ""),
    }
    return page(request, "staff/wordings_sign.html", context)


def _chosen(request: StaffRequest, ticked: Sequence[str]) -> list[Entry]:
    """The ticked texts that still stand as they stood on the page."""
    wanted = set(ticked)
    return [
        entry
        for entry in entries(request.clinic)
        if f"{entry.stand.key}@{entry.stand.checksum}" in wanted
    ]


def _signed(request: StaffRequest, chosen: Sequence[Entry]) -> HttpResponse:
    made = sign_many(
        clinic=request.clinic,
        drafts=[entry.draft for entry in chosen],
        by=request.user,
        at=timezone.now(),
    )
    for draft, reason in made.refused:
        refused(request, ValueError(f"{draft.text[:60]}… was not signed. {reason}"))
    texts = f"{made.count} text{pluralize(made.count)} signed."
    done(request, texts if made.count else "Nothing new was signed.")
    return _back(request)


def _back(request: StaffRequest) -> HttpResponse:
    """The list as it was filtered; only our own filters go into the address."""
    here = request.POST.get("here", "")
    response = redirect("clinicians:wordings")
    if here.isascii() and here.isprintable() and " " not in here and here:
        response["Location"] = f"{reverse('clinicians:wordings')}?{here}"
    return response
