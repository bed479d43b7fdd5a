"""Who may read a clinic's record, what leaves for whom, and what was sent in."""

from records.models.clients import ApiClient, ApiToken, UsedAssertion
from records.models.deliveries import Delivery, Destination
from records.models.exports import Export, ExportFile
from records.models.incoming import DraftQuestionnaire, Received
from records.models.subscriptions import Notification, Subscription

__all__ = [
    "ApiClient",
    "ApiToken",
    "Delivery",
    "Destination",
    "DraftQuestionnaire",
    "Export",
    "ExportFile",
    "Notification",
    "Received",
    "Subscription",
    "UsedAssertion",
]
