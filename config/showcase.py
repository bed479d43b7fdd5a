"""Shows every component of the look on one page, with invented content."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

_OPTIONS = ("Not at all", "Several days", "More than half the days", "Nearly every day")


class ExampleForm(forms.Form):
    """One field of each kind that a form of the product may hold."""

    note = forms.CharField(
        label="A field of a form", help_text="Drawn from a bound field.", required=False
    )
    way = forms.ChoiceField(
        label="One of a list", choices=[("phone", "By phone"), ("visit", "In person")]
    )
    kind = forms.ChoiceField(
        label="Radios of a form",
        choices=[("a", "One thing"), ("b", "Another thing")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="A single box to tick", required=False)


def _question() -> dict[str, Any]:
    return {
        "stem": "Over the last two weeks, how often have you been bothered by",
        "text": "The words of a question stand here, exactly as they were published",
        "options": [
            {"value": number, "text": text, "checked": number == 1}
            for number, text in enumerate(_OPTIONS)
        ],
    }


def _queue() -> list[dict[str, Any]]:
    def row(patient: str, tier: str, why: str, due: str, **more: Any) -> dict[str, Any]:
        values: dict[str, Any] = {
            "language": "English",
            "since": "Today 08:10",
            "owner": "No owner",
        }
        values |= {"overdue": False, "status": "OPEN", "next": "Claim"}
        return {**values, "patient": patient, "tier": tier, "why": why, "due": due} | {
            **more
        }

    return [
        row("Example, Robin", "URGENT", "The words of the item, answered “Several days”", "Overdue by 2 h", overdue=True),
        row("Sample, Alex", "HIGH", "A total at or above the severe band", "Today 17:00", owner="D. Demo", status="ACKNOWLEDGED", next="Contact"),
        row("Muestra, Ana", "ROUTINE", "A total at the cut point", "Thu 15 May 12:00", language="Español"),
        row("Specimen, Lee", "CONCERN", "Words that a person should read", "Fri 16 May 12:00", owner="D. Demo", status="IN_PROGRESS", next="Close"),
    ]  # fmt: skip


def _scores() -> list[dict[str, Any]]:
    names = ("0–4 Minimal", "5–9 Mild", "10–14 Moderate", "15–19", "20–27 Severe")
    bands = [{"text": text, "current": text.startswith("10")} for text in names]
    return [
        {
            "title": "PHQ-9",
            "total": 12,
            "of": 27,
            "band": "Moderate",
            "bands": bands,
            "source": "Source of the bands, as the definition states it",
            "note": None,
            "change": "4 more than on 2 May",
        },
        {
            "title": "GAD-7",
            "total": None,
            "of": 21,
            "band": "No total",
            "bands": [],
            "source": "Missing-item rule, as the definition states it",
            "note": "2 of 7 items were not answered.",
            "change": None,
        },
    ]


def _answers() -> list[list[dict[str, str]]]:
    return [
        [
            {"label": "Item", "text": "The official words of the first item"},
            {"label": "Answer", "text": "Several days (1)"},
            {"label": "How", "text": "Tapped", "soft": "08:04"},
        ],
        [
            {"label": "Item", "text": "The official words of the second item"},
            {"label": "Answer", "text": "Nearly every day (3)"},
            {"label": "How", "text": "Own words, then confirmed", "soft": "08:05"},
        ],
    ]


def _events() -> list[dict[str, str]]:
    return [
        {"at": "Today 08:06", "iso": "2025-05-12T08:06", "title": "Flag raised"},
        {
            "at": "Today 08:20",
            "iso": "2025-05-12T08:20",
            "title": "Acknowledged",
            "by": "D. Demo",
            "text": "Will call this morning.",
        },
    ]


def _notices() -> list[dict[str, str]]:
    return [
        {"kind": "info", "title": "Information", "text": "Something to know."},
        {"kind": "good", "title": "Done", "text": "Your answer is saved."},
        {"kind": "high", "title": "Not saved yet", "text": "Try again in a minute."},
        {"kind": "urgent", "title": "Now", "text": "Someone has to act on this."},
        {"kind": "quiet", "title": "", "text": "An aside."},
    ]


def _menu() -> list[dict[str, Any]]:
    labels = ("Queue", "Patients", "Wordings", "Staff")
    return [
        {"label": label, "url": "#content", "current": label == "Queue"}
        for label in labels
    ]


def _context() -> dict[str, Any]:
    return {
        "menu": _menu(),
        "unowned_urgent": 1,
        "languages": [
            {"code": "en", "name": "English", "href": "#content", "current": True},
            {"code": "es", "name": "Español", "href": "#content", "current": False},
        ],
        "errors": [{"text": "Choose one answer", "href": "#answer-1"}],
        "question": _question(),
        "short_options": [{"value": "y", "text": "Yes"}, {"value": "n", "text": "No"}],
        "form": ExampleForm(initial={"kind": "a"}),
        "notices": _notices(),
        "summary": [
            {"key": "First question", "value": "Several days", "href": "#content"},
            {"key": "A number to call", "value": "", "href": "#content"},
        ],
        "tiers": ["URGENT", "HIGH", "ROUTINE", "CONCERN"],
        "statuses": ["OPEN", "ACKNOWLEDGED", "IN_PROGRESS", "CLOSED"],
        "queue_columns": ["Patient", "Why", "Since", "Due", "Owner", "Next"],
        "queue": _queue(),
        "page": Paginator(range(60), 20).page(2),
        "scores": _scores(),
        "answer_columns": ["Item", "Answer", "How"],
        "answers": _answers(),
        "events": _events(),
    }


@require_safe
@login_not_required
def showcase(request: HttpRequest) -> HttpResponse:
    """The page, where the settings allow it."""
    if not getattr(settings, "COMPONENTS_PAGE", False):
        raise Http404
    return render(request, "components/page.html", _context())
