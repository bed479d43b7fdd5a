"""The clinic's settings: at a glance, page by page, and what is asked before saving."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from clinicians.actions.settings import values_of
from clinicians.forms.sections import SECTIONS, ChangeReasonForm, SectionForm
from clinicians.presenters import settings as glance
from clinicians.presenters.settings_history import changes_of, entries
from clinicians.presenters.spending import spending
from clinicians.views.pages import page
from clinicians.views.settings_saving import (
    INVALID,
    Offer,
    ask,
    opened,
    save,
    show,
)
from core.permissions import Permission, StaffRequest, staff_view
from core.views import recently_authenticated

TOO_OLD = "This page was open for a long time. Look through it once more, then save."


@staff_view(Permission.MANAGE_CLINIC)
@require_safe
def settings(request: StaffRequest) -> HttpResponse:
    """Show every setting in short, with what somebody should look into."""
    titles = {slug: (kind.title, kind.names) for slug, kind in SECTIONS.items()}
    newest = entries(changes_of(request.clinic)[:1], request.clinic.zone)
    context = {
        "overview": glance.overview(request.clinic, titles),
        "model": spending(request.clinic, at=timezone.now()),
        "newest": newest[0] if newest else None,
    }
    return page(request, "staff/settings.html", context)


@staff_view(Permission.MANAGE_CLINIC)
@recently_authenticated()
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: StaffRequest, slug: str) -> HttpResponse:
    """Show one page of settings, and save it unless something has to be said first."""
    kind = _kind(slug)
    values = values_of(request.clinic)
    data = request.POST if request.method == "POST" else None
    form = kind(data, clinic=request.clinic, values=values)
    if data is None:
        return show(request, form, seen=values)
    seen = opened(request, "seen", slug)
    if form.more:
        # Nothing is judged yet: whoever asks for a row is not done.
        form.errors.clear()
        return show(request, form, seen=seen or values)
    if seen is None:
        form.add_error(None, TOO_OLD)
    if seen is None or not form.is_valid():
        return show(request, form, seen=seen or values, status=INVALID)
    return save(request, Offer(kind, seen, form.changes()))


@staff_view(Permission.MANAGE_CLINIC)
@recently_authenticated()
@require_POST
def confirm(request: StaffRequest, slug: str) -> HttpResponse:
    """Save what was explained, once every danger is ticked and a reason is written."""
    kind = _kind(slug)
    sent = opened(request, "offer", slug)
    values = values_of(request.clinic)
    if sent is None:
        form = kind(None, clinic=request.clinic, values=values)
        return show(request, form, seen=values, problem=TOO_OLD, status=INVALID)
    offer = Offer(kind, sent["seen"], sent["changes"])
    if "back" in request.POST:
        mine = {**values, **offer.changes}
        form = kind(None, clinic=request.clinic, values=mine)
        return show(request, form, seen=offer.seen)
    reason = ChangeReasonForm(request.POST)
    ticked = frozenset(request.POST.getlist("ok"))
    if not reason.is_valid():
        return ask(request, offer, reason, ticked=ticked)
    return save(request, offer, reason=reason, ticked=ticked)


def _kind(slug: str) -> type[SectionForm]:
    if slug not in SECTIONS:
        raise Http404
    return SECTIONS[slug]
