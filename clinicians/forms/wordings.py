"""The forms around wordings: other words, a reason, a file, what to have proposed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clinicians.forms.cases import text_area
from clinicians.forms.patients import LANGUAGE_NAMES
from screening import definitions
from screening.actions import Wanted
from screening.domain.instruments import Instrument
from screening.models import Wording

LARGEST_FILE = 1_000_000


class WordsForm(forms.Form):
    """Another version of a wording."""

    text = forms.CharField(
        label="The question in other words",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
    )


class StopForm(forms.Form):
    """Why a text is retired or vetoed: it has to be said."""

    reason = text_area("Reason", required=True)


class ReportAnswerForm(forms.Form):
    """What came of a patient's report about a wording."""

    answer = text_area(
        "What came of it",
        required=True,
        hint="For your team: patients are not shown it. For example: put in other words.",
    )


class WordingFileForm(forms.Form):
    """A file of wordings, as the export writes it."""

    file = forms.FileField(
        label="CSV or JSON lines file",
        error_messages={"required": "Choose a file of at most 1 MB."},
        widget=forms.FileInput(attrs={"accept": ".csv,.jsonl,text/csv"}),
    )

    def clean_file(self) -> bytes:
        """The file's bytes."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise ValidationError("This file is larger than 1 MB. Split it.")
        content: bytes = upload.read()
        return content


class RunForm(forms.Form):
    """Which questions a model is to put in other words."""

    instrument = forms.ChoiceField(
        label="Questionnaire", widget=forms.Select(attrs={"class": "input"})
    )
    language = forms.ChoiceField(
        label="Language", choices=list(LANGUAGE_NAMES.items()), widget=forms.RadioSelect
    )
    levels = forms.MultipleChoiceField(
        label="How plain",
        choices=Wording.Level.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["instrument"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
        field.choices = [
            (one.id, one.short_name)
            for one in definitions.load_all().values()
            if one.language == "en" and any(item.wordable for item in one.items)
        ]

    def clean(self) -> dict[str, Any]:
        """Find the official text; without one there is nothing to put in other words."""
        given = super().clean() or {}
        if "instrument" in given and "language" in given:
            try:
                given["official"] = definitions.get(
                    given["instrument"], given["language"]
                )
            except definitions.DefinitionMissing as error:
                self.add_error("language", str(error))
        return given

    def wanted(self) -> Sequence[Wanted]:
        """Every text to have proposed; call it on a valid form only."""
        official: Instrument = self.cleaned_data["official"]
        return [
            Wanted(item.link_id, item.concept, level)
            for level in self.cleaned_data["levels"]
            for item in official.items
            if item.wordable and not item.safety
        ]
