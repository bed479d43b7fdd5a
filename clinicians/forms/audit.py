"""What the audit log is narrowed down to."""

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms

from clinicians.actions.patients import find_by_number
from clinicians.forms.patients import day
from core.models import AuditEvent, Clinic, Patient, User

NOT_STAFF = {
    AuditEvent.ActorKind.PATIENT.value: "Patients themselves",
    AuditEvent.ActorKind.CLIENT.value: "Connected systems",
    AuditEvent.ActorKind.SYSTEM.value: "This product",
}


class AuditForm(forms.Form):
    """Typed as a record number, kept in the address as the patient's random id."""

    person = forms.ChoiceField(label="Who", required=False)
    group = forms.ChoiceField(label="What", required=False)
    number = forms.CharField(
        label="Record number",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    start = day("From", required=False)
    end = day("Until", required=False)
    kind = forms.RegexField(r"^\w{1,60}$", required=False, widget=forms.HiddenInput)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, str], *, clinic: Clinic, groups: Mapping[str, str]
    ) -> None:
        super().__init__(data)
        self.clinic = clinic
        staff = User.objects.filter(clinic=clinic).order_by("name", "id")
        people = [(str(user.id), str(user)) for user in staff]
        self.fields["person"] = _select("Who", [*people, *NOT_STAFF.items()])
        self.fields["group"] = _select("What", list(groups.items()))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if number := given.get("number"):
            found = find_by_number(self.clinic, number)
            if found is None:
                self.add_error("number", "No patient here has this record number.")
            given["patient"] = found.id if found else None
        elif given.get("patient"):
            mine = Patient.objects.filter(clinic=self.clinic, id=given["patient"])
            if not mine.exists():
                self.add_error(None, "There is no such patient here.")
                given["patient"] = None
        if given.get("start") and given.get("end") and given["end"] < given["start"]:
            self.add_error("end", "This day is before the first one.")
        return given

    def kept(self) -> list[forms.BoundField]:
        """Return what goes along unseen; nobody could put right a fault in one of them."""
        return [one for one in self.hidden_fields() if self.cleaned_data.get(one.name)]

    @property
    def patient_id(self) -> uuid.UUID | None:
        patient: uuid.UUID | None = self.cleaned_data.get("patient")
        return patient

    def query(self, **more: str) -> str:
        """The address of the same list; only ids and codes, no record number."""
        names = ("person", "group", "kind", "patient", "start", "end")
        given = {name: self.cleaned_data.get(name) for name in names}
        return urlencode({k: str(v) for k, v in {**given, **more}.items() if v})


def _select(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", "All"), *choices],
        widget=forms.Select(attrs={"class": "input"}),
    )
