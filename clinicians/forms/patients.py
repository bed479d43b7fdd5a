"""The forms around patients: register, import, search, invite."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from clinicians.actions.patients import Details
from core.models import Clinic
from screening import definitions

LANGUAGE_NAMES = definitions.english_names()
# What was read travels once more with the confirmation, and must fit there too.
LARGEST_FILE = 500_000
FIRST_BIRTH = date(1900, 1, 1)
# How dates are written is said for a whole file, never guessed line by line.
ISO, MONTH_FIRST, DAY_FIRST = "iso", "month", "day"
DATE_ORDERS = (
    (ISO, "Year first, like 1985-03-14"),
    (MONTH_FIRST, "Month first, like 3/14/1985"),
    (DAY_FIRST, "Day first, like 14/3/1985"),
)
AS_DATE = "Write the date as year-month-day, like 1985-03-14."

no_control_characters = RegexValidator(
    r"^[^\x00-\x1f\x7f]*$", "Letters, digits and marks only, on one line."
)


def line(label: str, *, required: bool = True, longest: int = 100) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        validators=[no_control_characters],
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )


def day(label: str, *, required: bool = True) -> forms.DateField:
    """A date; the browser's own picker, ISO on the wire."""
    return forms.DateField(
        label=label,
        required=required,
        # 03/04/1980 is a day in March here and in April there: never guess.
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": AS_DATE},
        widget=forms.DateInput(
            format="%Y-%m-%d",
            attrs={"type": "date", "class": "input", "autocomplete": "off"},
        ),
    )


def language_choices(clinic: Clinic) -> list[tuple[str, str]]:
    """The clinic's languages by name."""
    return [(code, LANGUAGE_NAMES.get(code, code)) for code in clinic.languages]


class PatientForm(forms.Form):
    """One patient."""

    record_number = line("Record number", longest=60)
    birth_date = day("Birth date")
    family_name = line("Family name")
    given_name = line("Given name", required=False)
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="Only for the invitation link. The subject says nothing about health.",
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    phone = line("Phone", required=False, longest=40)
    language = forms.ChoiceField(
        label="Language", widget=forms.Select(attrs={"class": "input"})
    )

    def __init__(
        self, *args: Any, clinic: Clinic, today: date, keeps: str = "", **kwargs: Any
    ) -> None:
        """`keeps`: a language that a record has, though the clinic offers it no more."""
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
        offered = language_choices(clinic)
        if keeps and keeps not in clinic.languages:
            offered.append((keeps, LANGUAGE_NAMES.get(keeps, keeps)))
        field.choices = offered

    def clean_birth_date(self) -> date:
        """Refuse a day that nobody who is a patient now was born on."""
        born: date = self.cleaned_data["birth_date"]
        if born > self.today:
            raise ValidationError(f"This day is in the future. {AS_DATE}")
        if born < FIRST_BIRTH:
            raise ValidationError(f"This day is before 1900. {AS_DATE}")
        return born

    def details(self) -> Details:
        """What was typed, as a value; call it on a valid form only."""
        given = dict(self.cleaned_data)
        given["birth_date"] = given["birth_date"].isoformat()
        return Details(**given)


class PatientFileForm(forms.Form):
    """A CSV file of patients."""

    file = forms.FileField(
        label="CSV file",
        # A file far too large is dropped unread, so it looks like none at all.
        error_messages={"required": "Choose a CSV file of at most 500 kB."},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    dates = forms.ChoiceField(
        label="How does the file write dates?",
        help_text="A spreadsheet may have changed them. Look at the preview.",
        choices=DATE_ORDERS,
        initial=ISO,
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_dates(self) -> str:
        """Year first where nothing was said."""
        return self.cleaned_data["dates"] or ISO

    def clean_file(self) -> bytes:
        """The file's bytes."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_FILE:
            raise ValidationError("This file is larger than 500 kB. Split it.")
        content: bytes = upload.read()
        return content


class InviteForm(forms.Form):
    """What a patient is invited to."""

    battery = forms.MultipleChoiceField(
        label="Questionnaires", widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label="Language", widget=forms.RadioSelect)
    code = forms.CharField(
        label="Code instead of the birth date",
        required=False,
        min_length=6,
        max_length=20,
        help_text="Only if the patient is not to be asked for the birth date. "
        "Tell them the code yourself.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    send = forms.BooleanField(label="E-mail the link to the patient", required=False)

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("battery", batteries(clinic)),
            ("language", language_choices(clinic)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse a questionnaire that has no official text in that language."""
        given = super().clean() or {}
        shipped = definitions.load_all()
        for instrument in given.get("battery", []):
            if "language" in given and (instrument, given["language"]) not in shipped:
                name = LANGUAGE_NAMES.get(given["language"], given["language"])
                self.add_error(
                    "battery", f"{instrument.upper()} has no official text in {name}."
                )
        return given


def batteries(clinic: Clinic) -> list[tuple[str, str]]:
    """What may go out by link: the clinic's own battery first, nothing staff must ask."""
    shipped = {i.id: i for i in definitions.load_all().values() if i.self_administered}
    first = [name for name in clinic.battery if name in shipped]
    rest = sorted(set(shipped) - set(first))
    # The PHQ-8 leaves item 9 out: only where the clinic has said so.
    rest = [name for name in rest if name != "phq-8"]
    return [
        (name, shipped[name].short_name + (_leads_on(name) if clinic.step_up else ""))
        for name in [*first, *rest]
    ]


def _leads_on(name: str) -> str:
    """Where a short form leads on at a clinic that wants it so; empty for others."""
    found = [
        f"the {rule.long.upper()} from {rule.cut} on"
        for rule in definitions.step_rules()
        if rule.short == name
    ]
    return f", leads on to {' and to '.join(found)}" if found else ""
