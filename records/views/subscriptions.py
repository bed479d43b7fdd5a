"""Shows what a program is told, sends it again, and switches it off or on."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from clinicians.views.pages import page, said
from core.permissions import Permission, StaffRequest, staff_view
from core.views import recently_authenticated
from records.actions import (
    SubscriptionRefused,
    allow_subscription,
    bar_subscription,
)
from records.models import Notification, Subscription
from records.outbox.notifying import resend_notification
from records.presenters import subscriptions as shown
from records.presenters.connections import TABS, tabs
from records.presenters.subscribed import topic_of
from records.workflow import MoveRefused
from records.workflow.topics import Status


def _the_one(request: StaffRequest, subscription_id: uuid.UUID) -> Subscription:
    """One of the reader's own clinic; any other is not there at all."""
    rows = Subscription.objects.select_related("client", "clinic")
    return get_object_or_404(
        rows, id=subscription_id, clinic=request.clinic, deleted_at__isnull=True
    )


@staff_view(Permission.MANAGE_CLIENTS)
@require_safe
def subscription(request: StaffRequest, subscription_id: uuid.UUID) -> HttpResponse:
    """Show one subscription, and what became of each event."""
    row = _the_one(request, subscription_id)
    show = request.GET.get("show", "")
    if show not in TABS:
        show = "stuck" if shown.any_stuck(row) else "all"
    number = request.GET.get("page", "1")
    found, told = shown.events(row, show=show, number=number)
    context = {
        "row": row,
        "title": topic_of(row).title,
        "lines": shown.lines(row, request.clinic.zone),
        "in_error": row.status == Status.ERROR,
        "off": row.status == Status.OFF,
        "barred": row.barred_at is not None,
        "tabs": tabs(reverse("connections:subscription", args=[row.id]), show),
        "told": told,
        "found": found,
        "query": f"show={show}&",
    }
    return page(request, "staff/subscription.html", context)


@staff_view(Permission.MANAGE_CLIENTS)
@recently_authenticated()
@require_POST
def switch_off(request: StaffRequest, subscription_id: uuid.UUID) -> HttpResponse:
    """Tell the program nothing more, until the clinic lets it on again."""
    row = _the_one(request, subscription_id)
    with said(
        request,
        f"{row.client.name} is told nothing more of this.",
        unless=SubscriptionRefused,
    ):
        bar_subscription(subscription=row, by=request.user, at=timezone.now())
    return redirect("connections:subscription", row.id)


@staff_view(Permission.MANAGE_CLIENTS)
@recently_authenticated()
@require_POST
def switch_on(request: StaffRequest, subscription_id: uuid.UUID) -> HttpResponse:
    """Greet the program anew; once it answers, it is told again."""
    row = _the_one(request, subscription_id)
    with said(
        request,
        f"{row.client.name} is greeted anew, and told once it answers.",
        unless=SubscriptionRefused,
    ):
        allow_subscription(subscription=row, by=request.user, at=timezone.now())
    return redirect("connections:subscription", row.id)


@staff_view(Permission.MANAGE_CLIENTS)
@require_POST
def tell_again(request: StaffRequest, notification_id: uuid.UUID) -> HttpResponse:
    """Tell one event once more."""
    rows = Notification.objects.filter(
        subscription__clinic=request.clinic, subscription__deleted_at__isnull=True
    )
    row = get_object_or_404(rows, id=notification_id)
    with said(request, "It is told again.", unless=MoveRefused):
        resend_notification(notification=row, by=request.user, at=timezone.now())
    return redirect("connections:subscription", row.subscription_id)
