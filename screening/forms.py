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
    asked_as = forms.CharField(required=False)

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

    def clean_asked_as(self) -> uuid.UUID | None:
        """Return the definition that the page showed; no answer is refused for want
        of it."""
        try:
            return uuid.UUID(self.cleaned_data["asked_as"])
        except ValueError:
            return None

    def clean(self) -> dict[str, Any]:
        """Refuse a post that says nothing."""
        cleaned = super().clean() or {}
        value, declined = cleaned.get("choice", (None, False))
        says = value is not None or declined or cleaned.get("words", "").strip()
        if not says and not self.errors:
            self.add_error("choice", self._nothing_chosen())
        return cleaned

    def _nothing_chosen(self) -> str:
        """Return what to do; who was told once and is here again is told otherwise."""
        if self.data.get("missed"):
            said = _(
                "No answer is chosen yet. Choose the one that comes closest, even if "
                "none is quite right. If you would rather not say, choose “Prefer not "
                "to answer”."
            )
        else:
            said = _(
                "Choose the answer that fits best, or choose “Prefer not to answer”."
            )
        return str(said)


class PickForm(forms.Form):
    """Which of the offered explanations a patient wants to read."""

    of = forms.UUIDField()
    pick = forms.CharField(max_length=24)


def _part(sentence: Any, least: int, most: int) -> forms.IntegerField:
    """One box of a date; whatever is wrong with it is said in this one sentence."""
    kinds = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        min_value=least, max_value=most, error_messages=dict.fromkeys(kinds, sentence)
    )


class WayForm(forms.Form):
    """A plain list of pages or the conversation, and the question it was chosen at."""

    way = forms.ChoiceField(choices=[("list", "list"), ("talk", "talk")])
    at = forms.CharField(max_length=9, required=False)

    def clean_at(self) -> tuple[int, int]:
        """Return (part, number); what names no question is (0, 0)."""
        part, _point, number = self.cleaned_data["at"].partition(".")
        whole = all(each.isascii() and each.isdecimal() for each in (part, number))
        return (int(part), int(number)) if whole else (0, 0)


class ReportForm(forms.Form):
    """That a wording is unclear or hurtful, perhaps with more to say about it."""

    key = forms.CharField(max_length=43)
    asked_as = forms.CharField(required=False)
    where = forms.ChoiceField(choices=[("OFFICIAL", ""), ("BENEATH", "")])
    why = forms.ChoiceField(choices=[("UNCLEAR", ""), ("HURTFUL", "")])
    words = WordsField(
        max_length=MAX_WORDS,
        required=False,
        error_messages=TurnForm.base_fields["words"].error_messages,
    )


class BirthDateForm(forms.Form):
    """The second check by birth date, in three boxes."""

    month = _part(_("Write the month as a number from 1 to 12."), 1, 12)
    day = _part(_("Write the day as a number from 1 to 31."), 1, 31)
    year = _part(_("Write the year with four digits, for example 1984."), 1900, 2200)

    def clean(self) -> dict[str, Any]:
        """Refuse a day that the month does not have."""
        part = super().clean() or {}
        if not self.errors:
            try:
                date(part["year"], part["month"], part["day"])
            except ValueError:
                sentence = _(
                    "That month has no day %(day)d. Check the day and the month."
                )
                self.add_error("day", sentence % {"day": part["day"]})
        return part

    def given(self) -> str:
        """Return the ISO date. Only for a form that is valid."""
        part = self.cleaned_data
        return date(part["year"], part["month"], part["day"]).isoformat()


class CodeForm(forms.Form):
    """The second check by the code that the clinic gave."""

    code = forms.CharField(
        max_length=20,
        error_messages=dict.fromkeys(
            ("required", "max_length"), _("Write the code that the clinic gave you.")
        ),
    )

    def given(self) -> str:
        """Return the code as typed. Only for a form that is valid."""
        return str(self.cleaned_data["code"])


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
