"""What staff type in, checked at the door: inside, only typed values."""

from clinicians.forms.cases import (
    CloseForm,
    ConfirmForm,
    ContactForm,
    NoteForm,
    ReasonForm,
)
from clinicians.forms.clinic import SettingsForm, StaffForm
from clinicians.forms.patients import (
    InviteForm,
    PatientFileForm,
    PatientForm,
    SearchForm,
)

__all__ = [
    "CloseForm",
    "ConfirmForm",
    "ContactForm",
    "InviteForm",
    "NoteForm",
    "PatientFileForm",
    "PatientForm",
    "ReasonForm",
    "SearchForm",
    "SettingsForm",
    "StaffForm",
]
