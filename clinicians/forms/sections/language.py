"""Settings of the language layer."""

from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from clinicians.forms.sections.base import SectionForm, number
from clinicians.workflow.settings_words import LABELS
from core.models import Clinic

WORDING_POLICIES = [
    (
        Clinic.WordingPolicy.OFFICIAL.value,
        "Official words only: no patient is shown plainer words or an explanation.",
    ),
    (
        Clinic.WordingPolicy.APPROVED.value,
        (
            "Signed words: a text is shown once a clinician and a person with lived "
            "experience have signed it here."
        ),
    ),
    (
        Clinic.WordingPolicy.GATED.value,
        (
            "Checked words: a text that passed the automatic checks is shown before "
            "anybody here has signed it."
        ),
    ),
]


class LanguageForm(SectionForm):
    """Words beside the official ones, and the model that may help."""

    slug = "language"
    title = "Language layer"
    lead = "The official question is always there, and always what is answered."
    names = (
        *("wording_policy", "ai_enabled"),
        *("model_tokens_per_day", "model_cost_per_day"),
    )

    wording_policy = forms.ChoiceField(
        label="Other words for a question, beneath the official ones",
        choices=WORDING_POLICIES,
        widget=forms.RadioSelect,
    )
    ai_enabled = forms.BooleanField(
        label="Let a language model help patients who agree",
        required=False,
        help_text="It explains questions, and proposes an answer where our rules "
        "cannot read a patient’s words; the patient confirms it. It never sees who "
        "they are and never scores.",
    )
    model_cost_per_day = forms.DecimalField(
        label=LABELS["model_cost_per_day"],
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        help_text="In the currency of the prices set for this installation.",
        widget=forms.NumberInput(attrs={"class": "input input--4", "step": "0.01"}),
    )

    def build(self) -> None:
        field = number(
            LABELS["model_tokens_per_day"],
            "model_tokens_per_day",
            "After that, patients get the shipped words until midnight here. Empty: "
            "the limit of this installation.",
        )
        field.required = False
        self.fields["model_tokens_per_day"] = field
        self.order_fields(list(self.names))

    def clean_model_cost_per_day(self) -> str | None:
        """Refuse a limit that nobody could keep; every digit of the rest is kept."""
        limit: Decimal | None = self.cleaned_data["model_cost_per_day"]
        if limit is None:
            return None
        if settings.LANGUAGE_PRICE_IN is None:
            raise ValidationError(
                "This installation knows no prices, so a cost cannot be limited. "
                "Leave this empty and limit the tokens."
            )
        return f"{limit:.2f}"
