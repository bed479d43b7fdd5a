"""Questionnaires: the forms that are asked here, and what was sent in as a draft."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from django.db.models import Q

from records.api.kinds.base import Asking, Clause, Clauses, Kind, Where, fits, named
from records.api.kinds.order import Order
from records.api.params import Token, read_token, read_uuid
from records.fhir.drafted import as_draft
from records.fhir.parts import Json
from records.fhir.questionnaire import questionnaire
from records.models import DraftQuestionnaire
from records.presenters.forms import forms
from screening.models import Definition


def _says(member: str) -> Where:
    return lambda asking, value: Clause(
        Q(), lambda made: bool(made.get(member) == read_token(value).code)
    )


def _listed(made: Json, member: str) -> Iterator[Json]:
    """The parts of a member; a draft holds there whatever was sent."""
    found = made.get(member)
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict):
            yield one


def _has_identifier(asking: Asking, value: str) -> Clause:
    # The value holds a bar of its own: url|version.
    wanted = value.removeprefix("urn:ietf:rfc:3986|")
    return Clause(
        Q(),
        lambda made: any(
            one.get("value") == wanted for one in _listed(made, "identifier")
        ),
    )


def _has_code(asking: Asking, value: str) -> Clause:
    token = read_token(value)
    return Clause(
        Q(), lambda made: any(_coded(token, one) for one in _listed(made, "code"))
    )


def _coded(token: Token, coding: Json) -> bool:
    return token.fits(str(coding.get("system", "")), str(coding.get("code", "")))


def _titled(asking: Asking, value: str) -> Clause:
    """As FHIR compares strings: by how they begin, without regard to case."""
    return Clause(
        Q(), lambda made: made["title"].casefold().startswith(value.casefold())
    )


def _at_url(asking: Asking, value: str) -> Clause:
    """The url alone, or with the version that a response was pinned to."""
    url, _, version = value.partition("|")
    return Clause(
        Q(),
        lambda made: bool(made["url"] == url and version in ("", made["version"])),
    )


def _by_id(asking: Asking, value: str) -> Clause:
    return Clause(Q(), lambda made: bool(made["id"] == value), named=value)


class Questionnaires(Kind[Definition]):
    """Forms with their official texts: few enough to be read whole.

    A draft is found by its id alone, so that nobody takes it for what is asked here.
    """

    type = "Questionnaire"
    audited = "Questionnaire"
    where: ClassVar = {
        "_id": _by_id,
        "url": _at_url,
        "version": _says("version"),
        "status": _says("status"),
        "identifier": _has_identifier,
        "code": _has_code,
        "title": _titled,
    }

    def all(self, asking: Asking) -> list[Json]:
        """Every version of every form, by id."""
        return [questionnaire(one) for one in forms(asking.naming)]

    def find(self, asking: Asking, ids: Iterable[str]) -> list[Json]:
        wanted = set(ids)
        return [one for one in self.all(asking) if one["id"] in wanted]

    def is_whole(self, clauses: Clauses, order: Order | None) -> bool:
        return True

    def everything(self, asking: Asking, clauses: Clauses) -> list[Json]:
        known = [*self.all(asking), *self._drafts(asking, named(clauses))]
        return [one for one in known if fits(clauses, one)]

    def count(self, asking: Asking, clauses: Clauses) -> int:
        return len(self.everything(asking, clauses))

    def _drafts(self, asking: Asking, ids: Iterable[str]) -> list[Json]:
        known = [one for one in map(read_uuid, ids) if one]
        rows = DraftQuestionnaire.objects.filter(
            clinic=asking.clinic, discarded_at=None, id__in=known
        )
        return [as_draft(one.content, str(one.id), one.received_at) for one in rows]
