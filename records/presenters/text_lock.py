"""The lock on official texts: what was changed in the database does not leave."""

import hashlib
import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any
from uuid import UUID

from screening.domain.instruments import from_dict
from screening.domain.reading import DefinitionError
from screening.models import Definition


class TextChanged(Exception):
    """A stored questionnaire is no longer the one that its checksum was made of."""

    def __init__(self, definition: UUID, name: str) -> None:
        self.definition, self.name = definition, name
        super().__init__(
            f"The stored text of {name} does not match its checksum, so nothing that "
            "rests on it leaves. The clinic's administrators see this in the audit log."
        )


def check_texts(definitions: Collection[UUID]) -> None:
    """Raise TextChanged unless each of these still is what it was, in one query.

    Read anew each time: a definition is otherwise read once a process.
    """
    rows = Definition.objects.filter(id__in=definitions).order_by("id")
    for row in rows:
        if not _is_intact(_Content(row.content), row.checksum):
            raise TextChanged(row.id, str(row))


class _Content:
    """A snapshot's content, told apart from any other by its own hash."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        written = json.dumps(content, sort_keys=True, separators=(",", ":"))
        self.mark = hashlib.sha256(written.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.mark == other.mark

    def __hash__(self) -> int:
        return hash(self.mark)


@lru_cache(maxsize=256)
def _is_intact(content: _Content, checksum: str) -> bool:
    try:
        return from_dict(content.content).checksum == checksum
    except DefinitionError:
        return False
