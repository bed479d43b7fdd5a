"""What administrators type about connections to other systems."""

from records.forms.clients import ClientForm, KeysForm, UnderstoodForm
from records.forms.connections import ConnectionForm, EndForm, TokenForm

__all__ = [
    "ClientForm",
    "ConnectionForm",
    "EndForm",
    "KeysForm",
    "TokenForm",
    "UnderstoodForm",
]
