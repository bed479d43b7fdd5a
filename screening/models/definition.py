"""A definition in use: the instrument as it stood when somebody was asked it."""

import functools
import uuid
from typing import Any

from django.db import models

from screening.domain.instruments import Instrument, from_dict


@functools.lru_cache(maxsize=256)
def _read(definition_id: uuid.UUID, checksum: str) -> Instrument:
    """Parse a snapshot once a process; a row is never changed, so it never stales."""
    content = Definition.objects.values_list("content", flat=True).get(id=definition_id)
    return from_dict(content)


@functools.lru_cache(maxsize=256)
def instrument_of(definition_id: uuid.UUID) -> Instrument:
    """Return the instrument of a snapshot by its id, looked up once a process."""
    return Definition.objects.defer("content").get(id=definition_id).instrument


class Definition(models.Model):
    """One instrument, version and language, frozen at first use.

    Append-only: a changed text is a new version, and so a new row. Pages, scores
    and exports render from this row, so a file taken away harms no screening.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument_id = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    checksum = models.CharField(max_length=64)
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["instrument_id", "version", "language", "checksum"],
                name="definition_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.version} {self.language}"

    @property
    def instrument(self) -> Instrument:
        """Return the frozen instrument of this snapshot."""
        return _read(self.id, self.checksum)
