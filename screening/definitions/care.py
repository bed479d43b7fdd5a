"""What to expect of a call, and what there is to read afterwards, by language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from screening.definitions.files import ROOT, name_of, read_json
from screening.definitions.lines import KINDS
from screening.definitions.loading import DefinitionMissing
from screening.domain.reading import Reader, read_review

EXPECTED = ("emergency", *KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading and what stands beneath it."""

    heading: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What happens when somebody gets in touch in one way."""

    title: str
    points: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A page to read: what it is about, and nothing about who reads it."""

    id: str
    title: str
    summary: str
    parts: tuple[Part, ...]
    sources: tuple[str, ...]
    # The number in its address: a browser's list of pages names no topic.
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """One language's texts; `asked` says of each questionnaire what it asked about."""

    as_of: date
    version: str
    review_state: str
    expect: Mapping[str, Expectation]
    asked: Mapping[str, str]
    topics: Mapping[str, Topic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A topic, the number of its page, and the questionnaires after which it is
    offered."""

    topic: str
    page: int
    after: tuple[str, ...]


@lru_cache(maxsize=8)
def care(language: str, root: Path = ROOT) -> Care:
    """The texts in this language."""
    path = root / "care" / f"{language}.json"
    if not path.exists():
        raise DefinitionMissing(f"There are no help texts in {language}.")
    return read_care(path, root)


def read_care(path: Path, root: Path) -> Care:
    """One language's texts; raises DefinitionError if they cannot be used."""
    reader = Reader(read_json(path, root), name_of(path, root))
    reader.only(
        *("id", "language", "version", "as_of", "about", "expect", "asked", "topics"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    for key, expected in (("id", "care"), ("language", path.stem)):
        if reader.text(key) != expected:
            raise reader.refusal(f"must be {expected}, as the file's name says", key)
    reader.text("about")
    state, _, _ = read_review(reader)
    expect, asked, topics = (reader.child(k) for k in ("expect", "asked", "topics"))
    expect.only(*EXPECTED)
    return Care(
        as_of=_read_month(reader),
        version=reader.text("version"),
        review_state=state,
        expect={kind: _read_expectation(expect.child(kind)) for kind in EXPECTED},
        asked={name: asked.text(name) for name in asked.data},
        topics={name: _read_topic(name, topics.child(name)) for name in topics.data},
    )


def _read_month(reader: Reader) -> date:
    """A month written as 2026-11."""
    try:
        return date.fromisoformat(f"{reader.text('as_of')}-01")
    except ValueError as error:
        raise reader.refusal("must be a month such as 2026-11", "as_of") from error


def _read_expectation(reader: Reader) -> Expectation:
    reader.only("title", "points", "source")
    return Expectation(
        title=reader.text("title"),
        points=reader.texts("points"),
        source=reader.text("source"),
    )


def _read_topic(name: str, reader: Reader) -> Topic:
    reader.only("title", "summary", "parts", "sources")
    return Topic(
        id=name,
        title=reader.text("title"),
        summary=reader.text("summary"),
        parts=tuple(_read_part(part) for part in reader.children("parts")),
        sources=reader.sources(),
    )


def _read_part(reader: Reader) -> Part:
    reader.only("heading", "points")
    return Part(heading=reader.text("heading"), points=reader.texts("points"))


@lru_cache(maxsize=4)
def reading_offers(root: Path = ROOT) -> tuple[Offer, ...]:
    """Which topics are offered after which questionnaires, in their order."""
    path = root / "rules" / "reading.json"
    reader = Reader(read_json(path, root), name_of(path, root))
    reader.only(
        *("version", "about", "offers"),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    reader.text("version")
    reader.text("about")
    read_review(reader)
    offers = tuple(_read_offer(child) for child in reader.children("offers"))
    if len({offer.page for offer in offers}) < len(offers):
        raise reader.refusal("two topics have one page", "offers")
    return offers


def _read_offer(reader: Reader) -> Offer:
    reader.only("topic", "page", "after", "source")
    reader.text("source")
    if not (after := reader.texts("after")):
        raise reader.refusal("needs at least one questionnaire", "after")
    if reader.integer("page") < 1:
        raise reader.refusal("must be at least 1", "page")
    return Offer(topic=reader.text("topic"), page=reader.integer("page"), after=after)


def topics_after(instruments: Collection[str], language: str) -> tuple[Topic, ...]:
    """What whoever was asked these questionnaires is offered, whatever they answered."""
    known = care(language).topics
    offers = (o for o in reading_offers() if set(o.after) & set(instruments))
    return tuple(replace(known[offer.topic], page=offer.page) for offer in offers)


def topic_on(page: int, language: str) -> Topic | None:
    """What stands on the page with this number, or None if there is none."""
    found = (o.topic for o in reading_offers() if o.page == page)
    topic = next(found, None)
    return None if topic is None else care(language).topics[topic]


def page_about(topic: str) -> int | None:
    """The number of the page about a topic, or None if there is no such topic."""
    return next((o.page for o in reading_offers() if o.topic == topic), None)
