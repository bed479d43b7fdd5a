"""The forms of entering answers for a patient, and of putting one right."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from clinicians.forms.cases import text_area
from clinicians.forms.patients import (
    LANGUAGE_NAMES,
    batteries,
    day,
    language_choices,
)
from clinicians.workflow.entry import BLANK, DECLINED, field_names
from core.models import Clinic
from screening import definitions
from screening.actions.entering import ASQ
from screening.domain.dialogue import Step
from screening.domain.instruments import Item
from screening.engine import Line, Said
from screening.models import Screening
from screening.models.sitting import Sitting

NOON = time(12)


class EntryForm(forms.Form):
    """What is to be entered: which questionnaires, from what, and of which day."""

    battery = forms.MultipleChoiceField(
        label="Questionnaires", widget=forms.CheckboxSelectMultiple
    )
    mode = forms.ChoiceField(
        label="How the patient answered",
        choices=[
            (Screening.Mode.PAPER, "On paper"),
            (Screening.Mode.PHONE, "By telephone: you ask, the patient answers"),
            (Screening.Mode.IN_PERSON, "In person: you ask, the patient answers"),
        ],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label="Language of the form", widget=forms.RadioSelect)
    answered_on = day("Day on which the patient answered")

    def __init__(self, *args: Any, clinic: Clinic, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic, self.now = clinic, at
        self.fields["answered_on"].help_text = (
            "Not the day of entering. The questions ask about the two weeks before this "
            "day, and the score stands at this day in the patient's course. A flag is "
            "due from now, however old the form is."
        )
        offered = [*batteries(clinic), (ASQ, "ASQ: asked aloud, never on paper")]
        for name, choices in (
            ("battery", offered),
            ("language", language_choices(clinic)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
            field.choices = choices

    def clean_answered_on(self) -> date:
        """Refuse a day that has not come yet on the clinic's calendar."""
        given: date = self.cleaned_data["answered_on"]
        if given > self.today:
            raise ValidationError("This day is in the future. Choose today or before.")
        return given

    def clean(self) -> dict[str, Any]:
        """Refuse a questionnaire that has no official text in that language."""
        given = super().clean() or {}
        shipped = definitions.load_all()
        language = given.get("language")
        for instrument in given.get("battery", []):
            if language and (instrument, language) not in shipped:
                name = LANGUAGE_NAMES.get(language, language)
                self.add_error(
                    "battery", f"{instrument.upper()} has no official text in {name}."
                )
        return given

    @property
    def today(self) -> date:
        """The clinic's own day."""
        return self.now.astimezone(self.clinic.zone).date()

    def answered_at(self) -> datetime:
        """The moment to store: now, or noon of a day before; only of a valid form."""
        given: date = self.cleaned_data["answered_on"]
        if given == self.today:
            return self.now
        return datetime.combine(given, NOON, tzinfo=self.clinic.zone)


def choices_of(item: Item, *, paper: bool) -> list[str]:
    """What may be posted for an item."""
    blank = [BLANK] if paper else []
    return [*(str(option.value) for option in item.options), DECLINED, *blank]


class SheetForm(forms.Form):
    """A form as staff typed it in: all its items, or the one that is asked now."""

    def __init__(
        self, *args: Any, sitting: Sitting, steps: Iterable[Step], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sitting = sitting
        self.steps = [(s, sitting.item(s.part, s.link_id)) for s in steps]
        paper = sitting.screening.mode == Screening.Mode.PAPER
        for step, item in self.steps:
            answer, key = field_names(step.part, item.number)
            self.fields[answer] = forms.ChoiceField(
                choices=[(value, value) for value in choices_of(item, paper=paper)],
                required=False,
                error_messages={"invalid_choice": "Choose one of the answers shown."},
            )
            self.fields[key] = forms.CharField(max_length=40, required=False)

    def lines(self) -> list[Line]:
        """What was chosen, for every item whose post can be read."""
        self.full_clean()
        return [
            _line(step, given, key)
            for step, item in self.steps
            if (given := self._posted(step, item, 0))
            and (key := self._posted(step, item, 1))
        ]

    def problems(self) -> dict[Step, str]:
        """What could not be read, item by item."""
        found = {}
        for step, item in self.steps:
            answer, _ = field_names(step.part, item.number)
            if answer in self.errors:
                found[step] = " ".join(str(error) for error in self.errors[answer])
            elif self._posted(step, item, 0) and not self._posted(step, item, 1):
                found[step] = "This page is out of date. Choose again and save."
        return found

    def _posted(self, step: Step, item: Item, which: int) -> str:
        value = self.cleaned_data.get(field_names(step.part, item.number)[which])
        return str(value or "")


def _line(step: Step, given: str, key: str) -> Line:
    said = Said(
        # One page holds many items; each is a turn of its own.
        key=f"{key}-{step.part}-{step.link_id.strip('/')}"[:64],
        position=step.part,
        link_id=step.link_id,
        value=int(given) if given not in (DECLINED, BLANK) else None,
        declined=given == DECLINED,
    )
    return Line(said=said, blank=given == BLANK)


class AmendForm(forms.Form):
    """What an answer should have been, and why it is put right."""

    seen_version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value"),
            "This page is out of date. Open it again from the answers.",
        ),
    )
    answer = forms.ChoiceField(
        label="What the answer should have been",
        error_messages={"required": "Choose what the answer should have been."},
    )
    reason = text_area(
        "Why it is put right",
        required=True,
        hint="It stays in the record beside both answers.",
    )

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = (
            "Write why the answer is put right."
        )
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
        field.choices = [
            *((str(option.value), option.text) for option in item.options),
            (DECLINED, "The patient declined to answer"),
        ]

    def value(self) -> int | None:
        """The option's value, None for declined; only of a valid form."""
        given: str = self.cleaned_data["answer"]
        return None if given == DECLINED else int(given)
