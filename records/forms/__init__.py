"""What administrators type about connections to other systems."""

from records.forms.connections import ConnectionForm, EndForm, TokenForm

__all__ = ["ConnectionForm", "EndForm", "TokenForm"]
