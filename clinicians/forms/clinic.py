"""The form of the clinic's people."""

from django import forms

from clinicians.forms.patients import line
from core.models import Role


class StaffForm(forms.Form):
    """Somebody who is to sign in."""

    name = line("Name")
    email = forms.EmailField(
        label="E-mail",
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, role.label) for role in Role],
        widget=forms.RadioSelect,
    )


class RoleForm(forms.Form):
    """What a colleague is to be from now on."""

    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, role.label) for role in Role],
        widget=forms.RadioSelect,
    )
