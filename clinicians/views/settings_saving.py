"""Saving settings: at once, after a warning was read, or never over another's change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from clinicians.actions.settings import (
    ChangedMeanwhile,
    NotConfirmed,
    brings,
    change_settings,
    values_of,
)
from clinicians.forms.sections import ChangeReasonForm, SectionForm
from clinicians.presenters.settings_effects import consequences
from clinicians.presenters.settings_history import Entry, changes_of, entries
from clinicians.views.pages import done, page
from clinicians.workflow.settings import Level
from clinicians.workflow.settings_limits import SettingsRefused
from clinicians.workflow.settings_words import LABELS, Difference, differences
from core.permissions import StaffRequest

INVALID, CONFLICT = 422, 409
# A page that was left open for longer is read anew.
OPEN_SECONDS = 24 * 60 * 60
LOOKED_BACK = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody wants to save, and what the settings were when they began."""

    kind: type[SectionForm]
    seen: Mapping[str, Any]
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else was quicker: who, what they changed, and what both did."""

    who: str
    at: str
    changed: Sequence[Difference]
    both: Sequence[str]


def save(
    request: StaffRequest,
    offer: Offer,
    *,
    reason: ChangeReasonForm | None = None,
    ticked: frozenset[str] = frozenset(),
) -> HttpResponse:
    """Save, or say what stands against it.

    `reason`: given once the dangers were explained, None before.
    """
    try:
        found = brings(request.clinic, offer.changes)
        changed = change_settings(
            clinic=request.clinic,
            changes=offer.changes,
            seen=offer.seen,
            confirmed=ticked,
            reason=reason.cleaned_data["reason"] if reason else "",
            by=request.user,
            at=timezone.now(),
        )
    except ChangedMeanwhile as error:
        return _clash(request, offer, error)
    except SettingsRefused as error:
        return _again(request, offer, str(error))
    except NotConfirmed:
        return ask(request, offer, reason or ChangeReasonForm(), ticked=ticked)
    names = ", ".join(LABELS[name].lower() for name in changed)
    told = " ".join(d.text for d in found if d.level is Level.TOLD)
    done(request, f"Saved: {names}. {told}".strip() if changed else "Nothing changed.")
    return redirect("clinicians:settings")


def ask(
    request: StaffRequest,
    offer: Offer,
    reason: ChangeReasonForm,
    *,
    ticked: frozenset[str],
) -> HttpResponse:
    """Say what would happen, and have each danger ticked; again, what is missing."""
    before = values_of(request.clinic)
    said = consequences(
        request.clinic,
        before,
        {**before, **offer.changes},
        brings(request.clinic, offer.changes),
        at=timezone.now(),
        ticked=ticked,
        asked=reason.is_bound,
    )
    sent = {"seen": offer.seen, "changes": offer.changes}
    context = {
        "title": offer.kind.title,
        "slug": offer.kind.slug,
        "said": said,
        "form": reason,
        "errors": [
            {"text": f"Tick that you have read: {one.title}", "href": f"#ok-{one.id}"}
            for one in said.dangers
            if one.missing
        ],
        "offer": _sealed(sent, request, "offer", offer.kind.slug),
    }
    status = INVALID if reason.is_bound else 200
    return page(request, "staff/settings_confirm.html", context, status=status)


def _again(request: StaffRequest, offer: Offer, problem: str) -> HttpResponse:
    """The page with what was typed, and why it cannot be."""
    values = {**values_of(request.clinic), **offer.changes}
    form = offer.kind(None, clinic=request.clinic, values=values)
    return show(request, form, seen=offer.seen, problem=problem, status=INVALID)


def _clash(
    request: StaffRequest, offer: Offer, error: ChangedMeanwhile
) -> HttpResponse:
    """What the other one saved, with what was typed here still in its fields."""
    request.clinic.refresh_from_db()
    now = values_of(request.clinic)
    mine = {n: v for n, v in offer.changes.items() if offer.seen.get(n) != v}
    newest = _newest(request, error.names)
    changed = [
        one
        for name in error.names
        for one in differences(name, offer.seen[name], now[name])
    ]
    clash = Clash(
        who=newest.who if newest else "Somebody",
        at=newest.at if newest else "",
        changed=changed,
        both=[LABELS[n] for n in error.names if n in mine and mine[n] != now[n]],
    )
    form = offer.kind(None, clinic=request.clinic, values={**now, **mine})
    return show(request, form, seen=now, clash=clash, status=CONFLICT)


def _newest(request: StaffRequest, names: Sequence[str]) -> Entry | None:
    """The newest change of any of these."""
    rows = changes_of(request.clinic)[:LOOKED_BACK]
    touched = [row for row in rows if set(names) & row.detail.keys()]
    found = entries(touched[:1], request.clinic.zone)
    return found[0] if found else None


def show(
    request: StaffRequest,
    form: SectionForm,
    *,
    seen: Mapping[str, Any],
    clash: Clash | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a section. `seen`: what counts as known to whoever saves it."""
    own = {name: seen[name] for name in form.names}
    context = {
        "form": form,
        "seen": _sealed(own, request, "seen", form.slug),
        "clash": clash,
        "problem": problem,
    }
    return page(request, "staff/settings_section.html", context, status=status)


def _sealed(
    content: Mapping[str, Any], request: StaffRequest, name: str, slug: str
) -> str:
    return signing.dumps(content, salt=_salt(request, name, slug), compress=True)


def opened(request: StaffRequest, name: str, slug: str) -> dict[str, Any] | None:
    """What an earlier page of this clinic carried; None if it is no such thing."""
    sealed, salt = request.POST.get(name, ""), _salt(request, name, slug)
    try:
        content = signing.loads(sealed, salt=salt, max_age=OPEN_SECONDS)
    except signing.BadSignature:
        return None
    return dict(content)


def _salt(request: StaffRequest, name: str, slug: str) -> str:
    return f"settings:{request.clinic.id}:{name}:{slug}"
