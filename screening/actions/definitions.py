"""Freezes an instrument at its first use."""

from datetime import datetime

from screening import definitions
from screening.domain.instruments import Instrument, to_dict
from screening.models import Definition


class NotAvailable(ValueError):
    """The instrument has no validated text in this language."""


def find(instrument_id: str, language: str) -> Instrument:
    """Return the shipped instrument, or raise NotAvailable with a sentence."""
    try:
        return definitions.get(instrument_id, language)
    except definitions.DefinitionMissing as missing:
        raise NotAvailable(str(missing)) from missing


def snapshot(instrument: Instrument, *, at: datetime) -> Definition:
    """Return the stored definition of `instrument`, storing it if it is new."""
    row, _ = Definition.objects.get_or_create(
        instrument_id=instrument.id,
        version=instrument.version,
        language=instrument.language,
        checksum=instrument.checksum,
        defaults={"content": to_dict(instrument), "created_at": at},
    )
    return row
