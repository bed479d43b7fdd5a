"""What a program may be told of: topics and figures, as the data file has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from screening.domain.reading import Reader, read_review


class Status(StrEnum):
    """How a subscription stands, in FHIR's own words."""

    REQUESTED = "requested"
    ACTIVE = "active"
    ERROR = "error"
    OFF = "off"


# What can happen to each kind of resource that a topic is about.
HAPPENS: Mapping[str, frozenset[str]] = {
    "QuestionnaireResponse": frozenset({"COMPLETED", "AMENDED", "RETRACTED"}),
    "Task": frozenset(
        {
            *("OPENED", "FLAGGED", "ACKNOWLEDGED", "RELEASED", "HANDED_OVER"),
            *("TIMED_OUT", "CLOSE_PROPOSED", "CLOSE_DECLINED", "CLOSED"),
            *("REOPENED", "UNDONE"),
        }
    ),
}
FIGURES = (
    *("most_of_a_client", "heartbeat_least", "error_after", "greetings"),
    *("headers_most", "events_page", "overlap"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Something to be told of: a kind of resource, and what has to happen to it."""

    id: str
    version: str
    title: str
    resource: str
    on: frozenset[str]

    def url(self, base: str) -> str:
        """Its canonical address, below that of the endpoint as all our own names are."""
        return f"{base}/SubscriptionTopic/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRules:
    """The topics, and the figures of telling. Times in seconds.

    `greetings`: how often a first greeting is tried before the subscription is in
    error; `error_after`: after how many failures in a row an accepted one is.
    `overlap`: how far back is looked again, for what was committed late.
    """

    topics: Mapping[str, Topic]
    most_of_a_client: int
    heartbeat_least: int
    error_after: int
    greetings: int
    headers_most: int
    events_page: int
    overlap: int


def build_subscription_rules(data: object, *, file: str) -> SubscriptionRules:
    """Read the file strictly; raises DefinitionError."""
    reader = Reader(data, file)
    reader.only(
        *("version", "about", "sources", "topics", *FIGURES),
        *("review_state", "reviewed_by", "reviewed_on"),
    )
    read_review(reader)
    reader.text("version")
    reader.text("about")
    reader.sources()
    figures = {name: reader.integer(name) for name in FIGURES}
    for name, figure in figures.items():
        if figure < 1:
            raise reader.refusal("must be at least 1", name)
    topics = [_topic(one) for one in reader.children("topics")]
    by_id = {one.id: one for one in topics}
    if len(by_id) != len(topics):
        raise reader.refusal("holds an id twice", "topics")
    return SubscriptionRules(topics=by_id, **figures)


def _topic(reader: Reader) -> Topic:
    reader.only("id", "version", "title", "resource", "on")
    resource, on = reader.text("resource"), frozenset(reader.texts("on"))
    if resource not in HAPPENS:
        raise reader.refusal("is about nothing that is told of", "resource")
    if not on or not on <= HAPPENS[resource]:
        raise reader.refusal("holds what cannot happen to it, or nothing", "on")
    return Topic(
        id=reader.text("id"),
        version=reader.text("version"),
        title=reader.text("title"),
        resource=resource,
        on=on,
    )
