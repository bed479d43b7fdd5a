"""Codes and names: LOINC's where it has one, else our own, never a guess."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import UUID

from records.fhir.values import Coding, Identifier
from screening.domain.questionnaire import LOINC, Instrument, Item


@dataclass(frozen=True)
class Naming:
    """Our own names: codes that LOINC does not have, and where forms are found."""

    base: str

    def questionnaire(self, instrument: Instrument) -> str:
        return f"{self.base}/Questionnaire/{instrument.id}"

    def code(self, *words: str) -> Coding:
        """A local code made of words, never a guessed one of somebody else's."""
        code = "-".join(_slug(word) for word in words)
        return Coding(system=f"{self.base}/CodeSystem/screening", code=code)

    def identifier_system(self, clinic_id: UUID, system: str) -> str:
        """A numbering system as FHIR wants it: an address, ours if it has none."""
        if urlsplit(system).scheme and " " not in system:
            return system
        return f"{self.base}/sid/{clinic_id}/{_slug(system)}"

    def staff(self, clinic_id: UUID, user_id: object) -> Identifier:
        """A member of staff, by the number that we know them by."""
        return Identifier(
            system=f"{self.base}/sid/{clinic_id}/staff", value=str(user_id)
        )

    def clinic(self, clinic_id: UUID) -> Identifier:
        """The clinic, whose record this is."""
        return Identifier(system=f"{self.base}/sid/clinic", value=str(clinic_id))


@lru_cache(maxsize=4096)
def _slug(word: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")


def loinc(code: str | None, display: str | None = None) -> Coding | None:
    return Coding(system=LOINC, code=code, display=display) if code else None


def key(instrument: Instrument, item: Item) -> str:
    """An item's place on the form: short, unique, and fixed with the definition."""
    links = [one.link_id for one in instrument.items]
    return str(links.index(item.link_id) + 1)
