"""What administrators type about connections to other systems."""

from records.forms.clients import ClientForm, KeysForm, UnderstoodForm

__all__ = ["ClientForm", "KeysForm", "UnderstoodForm"]
