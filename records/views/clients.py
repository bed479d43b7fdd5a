"""Connects programs, changes their keys, and ends what they may do."""

import json
import uuid

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from clinicians.views.pages import attachment, done, page, refused
from core.audit import Actor
from core.permissions import Permission, StaffRequest, staff_view
from core.views import recently_authenticated
from records.actions import (
    ClientClosed,
    change_keys,
    create_client,
    discard_draft,
    revoke_client,
    revoke_tokens,
)
from records.forms import ClientForm, KeysForm, UnderstoodForm
from records.models import ApiClient
from records.presenters import clients as shown
from records.presenters.subscriptions import subscriptions

INVALID = 422
TAKEN = "A program of this name is connected already. Give this one another name."


@staff_view(Permission.MANAGE_CLIENTS)
@require_safe
def clients(request: StaffRequest) -> HttpResponse:
    """Show which programs are connected, and what waits for a review."""
    context = {
        "clients": shown.clients_of(request.clinic),
        "drafts": shown.drafts_of(request.clinic),
    }
    return page(request, "staff/clients.html", context)


@staff_view(Permission.MANAGE_CLIENTS)
@recently_authenticated()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Connect a program."""
    form = ClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = create_client(
                clinic=request.clinic,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                jwks=form.cleaned_data["jwks"],
                jwks_url=form.cleaned_data["jwks_url"],
                by=Actor.staff(request.user),
                at=timezone.now(),
            )
        except IntegrityError:
            form.add_error("name", TAKEN)
        else:
            done(request, f"{row.name} is connected. Give its people the client id.")
            return redirect("connections:client", row.id)
    status = INVALID if form.is_bound else 200
    return page(request, "staff/client_new.html", {"form": form}, status=status)


def _the_client(request: StaffRequest, client_id: uuid.UUID) -> ApiClient:
    """A program of the reader's own clinic; any other is not there at all."""
    return get_object_or_404(ApiClient, id=client_id, clinic=request.clinic)


@staff_view(Permission.MANAGE_CLIENTS)
@require_safe
def client(request: StaffRequest, client_id: uuid.UUID) -> HttpResponse:
    """Show one program: what it may do, and when it last did."""
    return _show(request, _the_client(request, client_id))


def _show(
    request: StaffRequest,
    row: ApiClient,
    *,
    form: KeysForm | None = None,
    ending: UnderstoodForm | None = None,
) -> HttpResponse:
    bound = form is not None or ending is not None
    context = {
        "row": row,
        "facts": shown.facts(row, request.clinic, at=timezone.now()),
        "events": shown.newest(row, request.clinic),
        "subscriptions": subscriptions(request.clinic, row),
        "discovery": settings.BASE_URL + reverse("records:smart-configuration"),
        "form": form or KeysForm(initial={"jwks_url": row.jwks_url}),
        "ending": ending or UnderstoodForm(),
    }
    status = INVALID if bound else 200
    return page(request, "staff/client.html", context, status=status)


@staff_view(Permission.MANAGE_CLIENTS)
@recently_authenticated()
@require_POST
def keys(request: StaffRequest, client_id: uuid.UUID) -> HttpResponse:
    """Trust other keys from now on."""
    row, form = _the_client(request, client_id), KeysForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form=form)
    try:
        change_keys(
            client=row,
            jwks=form.cleaned_data["jwks"],
            jwks_url=form.cleaned_data["jwks_url"],
            by=Actor.staff(request.user),
            at=timezone.now(),
        )
    except ClientClosed as error:
        refused(request, error)
    else:
        done(request, "The keys are changed. Only the new ones open anything now.")
    return redirect("connections:client", row.id)


@staff_view(Permission.MANAGE_CLIENTS)
@recently_authenticated()
@require_POST
def end_tokens(request: StaffRequest, client_id: uuid.UUID) -> HttpResponse:
    """End every token of a program that stays connected."""
    row = _the_client(request, client_id)
    closed = revoke_tokens(client=row, by=Actor.staff(request.user), at=timezone.now())
    tokens = "1 token" if closed == 1 else f"{closed} tokens"
    done(request, f"{tokens} ended." if closed else "No token was open.")
    return redirect("connections:client", row.id)


@staff_view(Permission.MANAGE_CLIENTS)
@recently_authenticated()
@require_POST
def end(request: StaffRequest, client_id: uuid.UUID) -> HttpResponse:
    """Disconnect a program for good."""
    row, ending = _the_client(request, client_id), UnderstoodForm(request.POST)
    if not ending.is_valid():
        return _show(request, row, ending=ending)
    revoke_client(client=row, by=Actor.staff(request.user), at=timezone.now())
    done(request, f"{row.name} is disconnected. Nothing that it holds opens any more.")
    return redirect("connections:clients")


@staff_view(Permission.MANAGE_CLIENTS)
@require_safe
def draft_file(request: StaffRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Hand out a draft as it was sent, for whoever reviews it."""
    row = get_object_or_404(shown.waiting_drafts(request.clinic), id=draft_id)
    content = json.dumps(row.content, indent=2, ensure_ascii=False).encode()
    return attachment(content, "application/json", "questionnaire-draft.json")


@staff_view(Permission.MANAGE_CLIENTS)
@require_POST
def discard(request: StaffRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Put a draft away."""
    row = get_object_or_404(shown.waiting_drafts(request.clinic), id=draft_id)
    discard_draft(draft=row, by=Actor.staff(request.user), at=timezone.now())
    done(request, "The draft is put away.")
    return redirect("connections:clients")
