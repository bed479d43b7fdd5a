"""What staff type in, checked at the door: inside, only typed values."""

from clinicians.forms.cases import (
    CloseForm,
    ConfirmForm,
    ContactForm,
    NoteForm,
    ReasonForm,
)
from clinicians.forms.clinic import RoleForm, StaffForm
from clinicians.forms.handing import AbsenceForm, HandOverForm, SnoozeForm
from clinicians.forms.opened import seconds_spent, stamp
from clinicians.forms.patients import (
    InviteForm,
    PatientFileForm,
    PatientForm,
)
from clinicians.forms.searching import SearchForm
from clinicians.forms.wordings import (
    ReportAnswerForm,
    RunForm,
    StopForm,
    WordingFileForm,
    WordsForm,
)

__all__ = [
    "AbsenceForm",
    "CloseForm",
    "ConfirmForm",
    "ContactForm",
    "HandOverForm",
    "InviteForm",
    "NoteForm",
    "PatientFileForm",
    "PatientForm",
    "ReasonForm",
    "RoleForm",
    "ReportAnswerForm",
    "RunForm",
    "SearchForm",
    "SnoozeForm",
    "StaffForm",
    "StopForm",
    "WordingFileForm",
    "WordsForm",
    "seconds_spent",
    "stamp",
]
