"""What the records app keeps: its clients, and what they sent in."""

from records.models.clients import ApiClient, ApiToken, UsedAssertion
from records.models.incoming import DraftQuestionnaire, Received

__all__ = [
    "ApiClient",
    "ApiToken",
    "DraftQuestionnaire",
    "Received",
    "UsedAssertion",
]
