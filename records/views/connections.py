"""Sets up connections, shows what became of each delivery, and sends again."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from clinicians.views.pages import done, page, refused, said
from core.permissions import Permission, StaffRequest, staff_view
from core.views import recently_authenticated
from core.webhook import new_secret
from records.forms import ConnectionForm, EndForm, TokenForm
from records.models import Delivery, Destination
from records.outbox.destinations import (
    DestinationRefused,
    create_destination,
    end_destination,
    renew_secret,
    try_now,
)
from records.outbox.sending import resend, resend_all
from records.presenters import connections as shown
from records.presenters.subscriptions import subscriptions
from records.workflow import MoveRefused

INVALID = 422
WEBHOOK, FHIR = Destination.Kind.WEBHOOK, Destination.Kind.FHIR


@staff_view(Permission.MANAGE_CLIENTS)
@require_safe
def connections(request: StaffRequest) -> HttpResponse:
    """Show every place that results go to, and how it fares."""
    context = {
        "connections": shown.connections(request.clinic),
        "subscriptions": subscriptions(request.clinic),
    }
    return page(request, "staff/connections.html", context)


@staff_view(Permission.MANAGE_CLIENTS)
@recently_authenticated()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Set up a place; for a webhook its secret is made, and shown this once."""
    form = ConnectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = timezone.now()
        made = new_secret() if form.cleaned_data["kind"] == WEBHOOK else ""
        try:
            row = create_destination(
                clinic=request.clinic,
                wanted=form.wanted(secret=made, at=now),
                by=request.user,
                at=now,
            )
        except DestinationRefused as error:
            form.add_error("name", str(error))
        else:
            if made:
                return _show(request, row, made=made)
            done(request, f"Results go to {row.name} from now on.")
            return redirect("connections:connection", row.id)
    status = INVALID if form.is_bound else 200
    return page(request, "staff/connection_new.html", {"form": form}, status=status)


@staff_view(Permission.MANAGE_CLIENTS)
@require_safe
def connection(request: StaffRequest, destination_id: uuid.UUID) -> HttpResponse:
    """Show one place, and what became of each delivery."""
    return _show(request, _place(request, destination_id))


@staff_view(Permission.MANAGE_CLIENTS)
@require_POST
def try_again(request: StaffRequest, destination_id: uuid.UUID) -> HttpResponse:
    """Do not wait any longer for a receiver that was not reached."""
    row = _place(request, destination_id)
    with said(request, "It is tried again at once.", unless=DestinationRefused):
        try_now(destination=row, by=request.user, at=timezone.now())
    return redirect("connections:connection", row.id)


@staff_view(Permission.MANAGE_CLIENTS)
@recently_authenticated()
@require_POST
def secret(request: StaffRequest, destination_id: uuid.UUID) -> HttpResponse:
    """Give a FHIR server's token anew, or make a webhook another secret."""
    row = _place(request, destination_id)
    form = TokenForm(request.POST)
    if row.kind not in (WEBHOOK, FHIR) or not form.is_valid():
        refused(request, DestinationRefused("Nothing was changed."))
        return redirect("connections:connection", row.id)
    made = new_secret() if row.kind == WEBHOOK else ""
    # The one before it goes on signing, too, until the receiver has changed over.
    kept = " ".join([made, *row.secret.split()[:1]]) if made else ""
    try:
        renew_secret(
            destination=row,
            secret=kept or form.cleaned_data["secret"],
            by=request.user,
            at=timezone.now(),
        )
    except DestinationRefused as error:
        refused(request, error)
        return redirect("connections:connection", row.id)
    if made:
        return _show(request, row, made=made)
    done(request, "The new token is used from now on.")
    return redirect("connections:connection", row.id)


@staff_view(Permission.MANAGE_CLIENTS)
@recently_authenticated()
@require_POST
def end(request: StaffRequest, destination_id: uuid.UUID) -> HttpResponse:
    """Send nothing there any more."""
    row = _place(request, destination_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _show(request, row, ending=form, status=INVALID)
    try:
        stopped = end_destination(destination=row, by=request.user, at=timezone.now())
    except DestinationRefused as error:
        refused(request, error)
    else:
        what = "1 delivery was" if stopped == 1 else f"{stopped} deliveries were"
        done(request, f"The connection has ended. {what} stopped.")
    return redirect("connections:connection", row.id)


@staff_view(Permission.MANAGE_CLIENTS)
@require_POST
def resend_stuck(request: StaffRequest, destination_id: uuid.UUID) -> HttpResponse:
    """Send everything once more that was refused or given up."""
    row = _place(request, destination_id)
    now = timezone.now()
    count = resend_all(clinic=request.clinic, destination=row, by=request.user, at=now)
    done(
        request, f"{count} sent again." if count else "There is nothing to send again."
    )
    return redirect("connections:connection", row.id)


@staff_view(Permission.MANAGE_CLIENTS)
@require_POST
def resend_one(request: StaffRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """Send one delivery once more."""
    rows = Delivery.objects.filter(destination__clinic=request.clinic)
    row = get_object_or_404(rows, id=delivery_id)
    with said(request, "It is sent again.", unless=MoveRefused):
        resend(delivery=row, by=request.user, at=timezone.now())
    return redirect("connections:connection", row.destination_id)


def _place(request: StaffRequest, destination_id: uuid.UUID) -> Destination:
    rows = Destination.objects.filter(clinic=request.clinic).select_related("clinic")
    return get_object_or_404(rows, id=destination_id)


def _show(
    request: StaffRequest,
    row: Destination,
    *,
    made: str = "",
    ending: EndForm | None = None,
    status: int = 200,
) -> HttpResponse:
    show = request.GET.get("show", "")
    if show not in shown.TABS:
        show = "stuck" if shown.any_stuck(row) else "all"
    number = request.GET.get("page", "1")
    found, sent = shown.deliveries(row, show=show, number=number)
    context = {
        "row": row,
        "lines": shown.lines(row, request.clinic.zone),
        "trouble": shown.trouble(row, request.clinic.zone),
        "made": made,
        "token": TokenForm() if row.kind == FHIR else None,
        "is_webhook": row.kind == WEBHOOK,
        "ending": ending or EndForm(),
        "tabs": shown.tabs(reverse("connections:connection", args=[row.id]), show),
        "show": show,
        "sent": sent,
        "found": found,
        "query": f"show={show}&",
        "stuck": shown.any_stuck(row) and not row.ended_at,
    }
    return page(request, "staff/connection.html", context, status=status)
