"""Parses what a patient's pages post: strict at the door, typed inside."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MAX_WORDS = 5000


class WordsField(forms.CharField):
    """Free words; a NUL that a keyboard slipped in is no reason to refuse them."""

    def to_python(self, value: Any) -> str:
        """Return the text without NUL characters, which no database can store."""
        return str(super().to_python(value)).replace("\x00", "")


class TurnForm(forms.Form):
    """One post of a question page: an option, declining, or free words."""

    key = forms.CharField(max_length=43)
    link_id = forms.CharField(max_length=40)
    choice = forms.CharField(max_length=10, required=False)
    words = WordsField(
        max_length=MAX_WORDS,
        required=False,
        error_messages={
            "max_length": _(
                "That is more than we can keep in one go. Shorten it to "
                "%(limit_value)d characters; what you wrote is still in the box."
            )
        },
    )
    shown = forms.CharField(max_length=400, required=False)
    words_turn = forms.UUIDField(required=False)

    def clean_choice(self) -> tuple[int | None, bool]:
        """Return (option value, declined); an option that is no number is refused."""
        raw = self.cleaned_data["choice"]
        if raw in ("", "declined"):
            return None, raw == "declined"
        if not (raw.isascii() and raw.isdecimal()):
            raise forms.ValidationError(_("Choose one of the answers shown."))
        return int(raw), False

    def clean_words_turn(self) -> str:
        """Return the turn whose words are being confirmed, or an empty string."""
        turn: uuid.UUID | None = self.cleaned_data["words_turn"]
        return str(turn) if turn else ""

    def clean(self) -> dict[str, Any]:
        """Refuse a post that says nothing."""
        cleaned = super().clean() or {}
        value, declined = cleaned.get("choice", (None, False))
        says = value is not None or declined or cleaned.get("words", "").strip()
        if not says and not self.errors:
            self.add_error(
                "choice",
                _(
                    "Choose the answer that fits best, or choose “Prefer not to answer”."
                ),
            )
        return cleaned


class PickForm(forms.Form):
    """Which of the offered explanations a patient wants to read."""

    of = forms.UUIDField()
    pick = forms.CharField(max_length=24)


class ReportForm(forms.Form):
    """That a wording is unclear or hurtful, perhaps with more to say about it."""

    key = forms.CharField(max_length=43)
    where = forms.ChoiceField(choices=[("OFFICIAL", ""), ("BENEATH", "")])
    why = forms.ChoiceField(choices=[("UNCLEAR", ""), ("HURTFUL", "")])
    words = WordsField(
        max_length=MAX_WORDS,
        required=False,
        error_messages=TurnForm.base_fields["words"].error_messages,
    )


class BirthDateForm(forms.Form):
    """The second check by birth date, in three boxes."""

    month = forms.IntegerField(min_value=1, max_value=12)
    day = forms.IntegerField(min_value=1, max_value=31)
    year = forms.IntegerField(min_value=1900, max_value=2200)

    def given(self) -> str:
        """Return the ISO date, or an empty string if there is no such day."""
        if not self.is_valid():
            return ""
        part = self.cleaned_data
        try:
            return date(part["year"], part["month"], part["day"]).isoformat()
        except ValueError:
            return ""


class CodeForm(forms.Form):
    """The second check by the code that the clinic gave."""

    code = forms.CharField(max_length=20)

    def given(self) -> str:
        """Return the code as typed, or an empty string."""
        return str(self.cleaned_data["code"]) if self.is_valid() else ""


class AgeForm(forms.Form):
    """The age gate."""

    adult = forms.ChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))],
        error_messages={"required": _("Choose yes or no.")},
    )


class AboutForm(forms.Form):
    """How to reach the patient if need be; nothing here is required."""

    callback_number = forms.CharField(max_length=40, required=False)
    whereabouts = forms.CharField(max_length=200, required=False)
    emergency_contact = forms.CharField(max_length=200, required=False)


class CallForm(forms.Form):
    """Where to call, if the clinic has no number yet or should use another one."""

    callback_number = forms.RegexField(
        r"\d(\D*\d){2}", max_length=40, required=False, strip=True
    )


class ConsentForm(forms.Form):
    """Consent, and help from a language model as a choice of its own."""

    version = forms.CharField(max_length=20, required=False)
    agree = forms.BooleanField(
        error_messages={
            "required": _(
                "To go on, tick the box that says you agree. "
                "If you would rather not, you can leave with “Stop here”."
            )
        }
    )
    ai_help = forms.ChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))], required=False
    )

    def agrees_to(self, version: str) -> bool:
        """Return whether the form is whole and speaks of this version of the text."""
        if self.is_valid() and self.cleaned_data["version"] != version:
            self.add_error(
                "agree",
                _("This text has changed. Read it again, then decide."),
            )
        return self.is_valid()


class AiHelpForm(forms.Form):
    """Whether a language model may help, asked again at any question."""

    ai_help = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))])
