"""The one table that the bare view and the bare bulk insert write to."""

import uuid
from typing import ClassVar

from django.db import models


class BareRow(models.Model):
    """What an answer would be if nothing had to be safe about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link_id = models.CharField(max_length=40)
    value = models.SmallIntegerField()
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["BareRow"]] = models.Manager()

    class Meta:
        app_label = "site"

    def __str__(self) -> str:
        return f"row {self.id}"
