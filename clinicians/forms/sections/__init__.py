"""The pages of settings, each one form."""

from clinicians.forms.sections.base import SectionForm
from clinicians.forms.sections.clinic import ClinicForm
from clinicians.forms.sections.escalation import LadderForm
from clinicians.forms.sections.hours import HoursForm
from clinicians.forms.sections.language import LanguageForm
from clinicians.forms.sections.reason import ChangeReasonForm
from clinicians.forms.sections.review import ReviewForm
from clinicians.forms.sections.screening import ScreeningForm

SECTIONS: dict[str, type[SectionForm]] = {
    form.slug: form
    for form in (
        *(ClinicForm, ScreeningForm, ReviewForm),
        *(HoursForm, LadderForm, LanguageForm),
    )
}

__all__ = ["SECTIONS", "ChangeReasonForm", "SectionForm"]
