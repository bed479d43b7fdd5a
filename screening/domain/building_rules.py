"""The scoring rules of a definition, read strictly one by one."""

from screening.domain.measures import (
    Algorithm,
    Band,
    ChangeRule,
    Cut,
    Finding,
    MissingRule,
    Published,
    Subscale,
    Symptom,
    Triage,
)
from screening.domain.reading import Reader


def read_band(reader: Reader, source: str | None) -> Band:
    """One band; where it comes from stands once, beside the bands."""
    reader.only("min", "max", "label")
    if source is None:
        raise reader.refusal("bands need a bands_source")
    return Band(
        min=reader.integer("min"),
        max=reader.integer("max"),
        label=reader.text("label"),
        source=source,
    )


def read_cut(reader: Reader) -> Cut:
    """A cut point with its published accuracy, if known."""
    reader.only("threshold", "source", "sensitivity", "specificity")
    return Cut(
        threshold=reader.integer("threshold"),
        source=reader.text("source"),
        sensitivity=reader.maybe_share("sensitivity"),
        specificity=reader.maybe_share("specificity"),
    )


def read_subscale(reader: Reader) -> Subscale:
    """A subscale with its own cut point."""
    reader.only("id", "label", "items", "cut")
    return Subscale(
        id=reader.text("id"),
        label=reader.text("label"),
        items=reader.texts("items"),
        cut=read_cut(reader.child("cut")),
    )


def read_missing(reader: Reader) -> MissingRule:
    """The missing-item rule; 0 may be prorated where no source gives a rule."""
    reader.only("max_prorated", "never_impute", "decimals", "source")
    return MissingRule(
        max_prorated=reader.integer("max_prorated"),
        never_impute=reader.texts("never_impute"),
        decimals=reader.integer("decimals"),
        source=reader.text("source"),
    )


def read_algorithm(reader: Reader) -> Algorithm:
    """A symptom-count algorithm."""
    reader.only("symptoms", "gateway", "findings", "otherwise", "source")
    return Algorithm(
        symptoms=tuple(map(_read_symptom, reader.children("symptoms"))),
        gateway=reader.texts("gateway"),
        findings=tuple(map(_read_finding, reader.children("findings"))),
        otherwise=reader.text("otherwise"),
        source=reader.text("source"),
    )


def _read_symptom(reader: Reader) -> Symptom:
    reader.only("link_id", "at_least")
    return Symptom(link_id=reader.text("link_id"), at_least=reader.integer("at_least"))


def _read_finding(reader: Reader) -> Finding:
    reader.only("at_least", "text")
    return Finding(at_least=reader.integer("at_least"), text=reader.text("text"))


def read_triage(reader: Reader) -> Triage:
    """Gate questions, the acuity question, and the three outcomes."""
    reader.only("gate", "acuity", "negative", "non_acute", "acute", "source")
    return Triage(
        gate=reader.texts("gate"),
        acuity=reader.text("acuity"),
        negative=reader.text("negative"),
        non_acute=reader.text("non_acute"),
        acute=reader.text("acute"),
        source=reader.text("source"),
    )


def read_change(reader: Reader) -> ChangeRule:
    """What a difference between two totals means, each number with its source."""
    reader.only(
        "reliable",
        "reliable_alternatives",
        "meaningful",
        "response_percent",
        "remission_below",
    )
    return ChangeRule(
        reliable=_read_published(reader.child("reliable")),
        reliable_alternatives=tuple(
            map(_read_published, reader.children("reliable_alternatives"))
        ),
        meaningful=reader.maybe("meaningful", _read_published),
        response_percent=reader.maybe("response_percent", _read_published),
        remission_below=reader.maybe("remission_below", _read_published),
    )


def _read_published(reader: Reader) -> Published:
    reader.only("points", "source")
    points = reader.integer("points")
    if points < 1:
        raise reader.refusal("must be at least 1", "points")
    return Published(points=points, source=reader.text("source"))
