"""Who may read a clinic's record, and what leaves for whom."""

from records.models.clients import ApiClient, ApiToken
from records.models.deliveries import Delivery, Destination
from records.models.exports import Export, ExportFile

__all__ = [
    "ApiClient",
    "ApiToken",
    "Delivery",
    "Destination",
    "Export",
    "ExportFile",
]
