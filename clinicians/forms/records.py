"""The forms of a record: its state, the way back, and merging it with another."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clinicians.actions.records import LONGEST_NOTE
from clinicians.definitions import records_policy
from clinicians.forms.handing import offer
from clinicians.forms.patients import day, line
from clinicians.workflow.records import RecordState


class StateForm(forms.Form):
    """Why a record is set inactive or deceased."""

    reason = forms.ChoiceField(label="Why?", widget=forms.RadioSelect)
    died_on = day("Day of death, if it is known", required=False)
    note = line("Note", required=False, longest=LONGEST_NOTE)

    def __init__(self, *args: Any, state: RecordState, **kwargs: Any) -> None:
        kwargs["prefix"] = state.lower()
        super().__init__(*args, **kwargs)
        offer(self, "reason", list(records_policy().reasons(state).items()))
        if state is not RecordState.DECEASED:
            del self.fields["died_on"]


class RestoreForm(forms.Form):
    """Why a record is made active again."""

    note = line("Why is it made active again?", longest=LONGEST_NOTE)


class OtherForm(forms.Form):
    """The other record, by its whole number."""

    number = line("Record number of the other record", longest=60)


class MergeForm(forms.Form):
    """Which record stays, and that somebody means it."""

    keep = forms.ChoiceField(
        label="Which record do you keep?", widget=forms.RadioSelect
    )
    typed = line("Type the record number of the record that you keep", longest=60)

    def __init__(
        self,
        *args: Any,
        labels: Mapping[str, str],
        typed: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "keep", list(labels.items()))
        self.expected = typed
        if "merge" in typed.values():
            self.fields[
                "typed"
            ].help_text = "If the record that you keep has no number, type: merge"

    def clean(self) -> dict[str, Any]:
        """Refuse a confirmation that names another record."""
        given = super().clean() or {}
        if "keep" in given and "typed" in given:
            expected = self.expected[given["keep"]].strip().casefold()
            if given["typed"].strip().casefold() != expected:
                self.add_error(
                    "typed",
                    ValidationError(
                        "This is not the number of the record that you keep. "
                        "Look once more at which one it is."
                    ),
                )
        return given
