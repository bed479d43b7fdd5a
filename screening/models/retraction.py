"""A screening that was entered in error: said so once, with the reason, for good."""

import uuid

from django.conf import settings
from django.db import models

from core.models import EncryptedTextField
from screening.models.screening import Screening


class Retraction(models.Model):
    """Who took a screening out of the patient's results, when and why. Append-only.

    Nothing of the screening is removed: its answers, scores and flags stay as they are.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    screening = models.OneToOneField(
        Screening, on_delete=models.PROTECT, related_name="retraction"
    )
    # By its id in the data file; `reason_label` is what was chosen, as it read then.
    reason = models.CharField(max_length=40)
    reason_label = models.CharField(max_length=120)
    note = EncryptedTextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"retraction of {self.screening_id}"
