"""What was typed when an act was refused: it stays in its form, or is shown to copy."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms

from clinicians.presenters.case import CaseView
from clinicians.workflow import Status
from screening.models import Episode

Sent = TypeVar("Sent", bound=forms.Form)
# The boxes in which somebody writes sentences.
TYPED = ("text", "note", "reason")


def kept(form: Sent, row: Episode, error: Exception) -> Sent:
    """The form as it was sent, with why, and for the case as it is shown now."""
    if "version" in form.fields:
        # None of these forms has a field with several values.
        sent = {name: form.data[name] for name in form.data}
        form.data = {**sent, "version": str(row.version)}
    form.add_error(None, str(error))
    return form


def unsent(view: CaseView, given: Mapping[str, forms.Form]) -> str:
    """What was typed into a form that this page no longer has a place for."""
    return "\n\n".join(
        words
        for name, form in given.items()
        if not _has_place(view, name)
        for words in _typed(form)
    )


def _has_place(view: CaseView, name: str) -> bool:
    able = view.able
    places: dict[str, object] = {
        "note_form": able.record,
        "contact_form": able.record and view.row.status != Status.CLOSED,
        "release_form": able.release,
        "close_form": able.close,
        "confirm_form": view.proposal and able.confirm,
        "decline_form": view.proposal and able.confirm,
        "snooze_form": able.snooze and not view.put_off,
        "hand_over_form": able.hand_over,
        "reopen_form": able.reopen,
    }
    return bool(places[name])


def _typed(form: forms.Form) -> list[str]:
    values: Mapping[str, Any] = form.data or form.initial
    found = (str(values.get(name) or "").strip() for name in TYPED)
    return [words for words in found if words]
