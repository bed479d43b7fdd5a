"""Responses, Observations and Provenances: what an administration is written as."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet

from records.api.kinds.base import (
    NOTHING,
    Asking,
    Clause,
    Clauses,
    Kind,
    Page,
    Where,
    by_date,
    by_id,
    fits,
    of_patient,
    rows_of,
    says,
)
from records.api.params import (
    read_reference,
    read_span,
    read_token,
    read_uuid,
)
from records.fhir.parts import Json
from records.fhir.response import questionnaire_response
from records.presenters import as_of, read_sheets, served_rows, since
from screening.models import Administration, Screening

UUID_LENGTH = 36


def changed_since(asking: Asking, at: datetime) -> Q:
    """Whether anything of what was submitted came to be otherwise since then."""
    return since.changed_since(asking.clinic, at)


def written_since(asking: Asking, at: datetime) -> Q:
    """The same, for what is not submitted, too."""
    return since.written_since(asking.clinic, at)


def answered_since(asking: Asking, at: datetime) -> Q:
    """When the patient answered; staff say so of what they entered later."""
    told = Q(screening__answered_at__isnull=False)
    return (told & Q(screening__answered_at__gte=at)) | (~told & since.stands_since(at))


def authored_since(asking: Asking, at: datetime) -> Q:
    """When this set of answers was last changed, as FHIR reads `authored`."""
    amended = Q(score__amended_at__isnull=False)
    return (amended & Q(score__amended_at__gte=at)) | (
        ~amended & answered_since(asking, at)
    )


def _status(asking: Asking, value: str) -> Clause:
    opened = Q(screening__status__in=Screening.OPEN)
    stands = {
        "completed": Q(score__version=1),
        "amended": Q(score__version__gt=1),
        "in-progress": since.UNFINISHED & opened,
        "stopped": since.UNFINISHED & ~opened,
    }
    return Clause(stands.get(read_token(value).code, NOTHING))


def _questionnaire(asking: Asking, value: str) -> Clause:
    url, _, version = value.partition("|")
    prefix = f"{asking.naming.base}/Questionnaire/"
    if not url.startswith(prefix):
        return Clause(NOTHING)
    wanted = Q(definition__instrument_id=url.removeprefix(prefix))
    return Clause(wanted & Q(definition__version=version) if version else wanted)


def _identifier(asking: Asking, value: str) -> Clause:
    token = read_token(value)
    known = read_uuid(token.code.removeprefix("urn:uuid:"))
    right = token.system in (None, "urn:ietf:rfc:3986") and "urn:uuid:" in token.code
    return Clause(Q(id=known) if known and right else NOTHING)


class Responses(Kind[Administration]):
    """What was answered: also what is not finished yet, and says so."""

    type = "QuestionnaireResponse"
    audited = "Administration"
    where: ClassVar = {
        "_id": by_id,
        "_lastUpdated": by_date("_lastUpdated", written_since),
        "patient": of_patient("screening__patient"),
        "subject": of_patient("screening__patient", "subject"),
        "authored": by_date("authored", authored_since),
        "status": _status,
        "questionnaire": _questionnaire,
        "identifier": _identifier,
    }

    def rows(self, asking: Asking) -> QuerySet[Administration]:
        return served_rows(asking.clinic)

    def write(self, asking: Asking, rows: Sequence[Administration]) -> list[Json]:
        sheets = read_sheets(asking.clinic, rows, asking.naming)
        made = (as_of(one, asking.clinic, asking.naming) for one in sheets)
        return [questionnaire_response(one) for one in made]

    def versions(self, asking: Asking, resource_id: str) -> list[Json]:
        """Every version of one response, the newest first."""
        known = read_uuid(resource_id)
        rows = list(self.rows(asking).filter(id=known)) if known else []
        made = []
        for sheet in read_sheets(asking.clinic, rows, asking.naming):
            moments = sheet.moments() if sheet.finished else [None]
            for at in reversed(moments):
                then = as_of(sheet, asking.clinic, asking.naming, at)
                made.append(questionnaire_response(then))
        return made


def owner(resource_id: str) -> UUID | None:
    """The administration that an id begins with."""
    known, dot, rest = resource_id[:UUID_LENGTH], resource_id[36:37], resource_id[37:]
    return read_uuid(known) if dot == "." and rest else None


class SheetKind(Kind[Administration]):
    """A type of which one administration gives several; its id comes first in theirs."""

    audited = "Administration"
    # How many of it every administration gives at least.
    least: ClassVar[int]

    def find(self, asking: Asking, ids: Iterable[str]) -> list[Json]:
        wanted = set(ids)
        owners = {one for one in map(owner, wanted) if one}
        if not owners:
            return []
        rows = list(self.rows(asking).filter(id__in=owners).order_by("id"))
        return [one for one in self.write(asking, rows) if one["id"] in wanted]

    def about(self, resource: Json) -> str:
        return str(resource["id"])[:UUID_LENGTH]

    def begins_at(self, place: list[Any]) -> bool:
        return (
            len(place) == 2
            and read_uuid(str(place[0])) is not None
            and isinstance(place[1], int)
        )

    def pointing(
        self, asking: Asking, member: str, references: Iterable[str]
    ) -> list[Json]:
        """Those whose `member` refers to one of these."""
        wanted = set(references)
        ids = (one.partition("/")[2] for one in wanted)
        known = (read_uuid(one[:UUID_LENGTH]) for one in ids)
        owners = {one for one in known if one is not None}
        rows = list(self.rows(asking).filter(id__in=owners).order_by("id"))
        return [
            one
            for one in self.write(asking, rows)
            if wanted & {each["reference"] for each in one.get(member, ())}
        ]

    def page(
        self, asking: Asking, clauses: Clauses, *, after: list[Any] | None, count: int
    ) -> Page:
        """A page may be short, or empty, and still have a next one."""
        rows = self.rows(asking).filter(rows_of(clauses)).order_by("id")
        passed = -1
        if after:
            rows, passed = rows.filter(id__gte=after[0]), int(after[1])
        sorted_out = any(one.keep for values in clauses for one in values)
        # What nothing is sorted out of fills a page from fewer of them.
        enough = count if sorted_out else count // self.least + 1
        read = list(rows[: enough + 1])
        places: list[tuple[list[Any], Json]] = []
        by_owner: dict[str, int] = {}
        for made in self.write(asking, read[:enough]):
            whose = self.about(made)
            number = by_owner[whose] = by_owner.get(whose, -1) + 1
            begun = after is not None and whose == str(after[0]) and number <= passed
            if not begun and fits(clauses, made):
                places.append(([whose, number], made))
        shown = places[:count]
        return Page(
            [made for _, made in shown],
            self._next(shown, cut=len(places) > count, rest=read[enough:]),
        )

    def _next(
        self,
        shown: Sequence[tuple[list[Any], Json]],
        *,
        cut: bool,
        rest: Sequence[Administration],
    ) -> list[Any] | None:
        if cut:
            return shown[-1][0]
        return [str(rest[0].id), -1] if rest else None


def changed_exactly(asking: Asking, value: str) -> Clause:
    """`_lastUpdated` of each: one answer of a form may be put right, and its others not.

    Rows can only tell that something of it changed, so they narrow by that.
    """
    span = read_span("_lastUpdated", value, asking.clinic.zone)
    narrows = span.prefix in ("eq", "ge", "gt", "sa")
    start = span.start if span.prefix in ("eq", "ge") else span.end
    return Clause(
        changed_since(asking, start) if narrows else Q(),
        lambda made: says(span, datetime.fromisoformat(made["meta"]["lastUpdated"])),
    )


def by_own_id(asking: Asking, value: str) -> Clause:
    """`_id` of a resource that is one of several."""
    known = owner(value)
    wanted = Q(id=known) if known else NOTHING
    return Clause(wanted, lambda made: bool(made["id"] == value))


def referring(name: str, member: str, *types: str) -> Where:
    """References from `member`, to something of the same administration."""

    def where(asking: Asking, value: str) -> Clause:
        base = asking.naming.base
        kind, found = read_reference(name, value, base=base, types=types)
        known = read_uuid(found[:UUID_LENGTH])
        wanted = f"{kind}/{found}"
        return Clause(
            Q(id=known) if known else NOTHING,
            lambda made: any(
                each["reference"] == wanted for each in made.get(member, ())
            ),
        )

    return where
