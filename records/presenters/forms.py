"""Every version of every questionnaire, from what was frozen when it was first used."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from records.fhir import questionnaire as fhir
from records.presenters.finished import panel
from records.presenters.items import option_coding
from records.presenters.naming import Naming, loinc
from records.presenters.results import subscale_concept, total_concept
from records.presenters.text_lock import check_texts
from screening.definitions import load_all
from screening.domain.conditions import parse_condition
from screening.domain.questionnaire import Instrument, Item
from screening.models import Definition

# The form's own words are in this language where it has them.
FIRST = "en"
Version = tuple[str, str]
Languages = dict[str, Instrument]


def forms(naming: Naming) -> list[fhir.Form]:
    """All of them, by id; those that are no longer given are retired."""
    shipped, stored, since = _shipped(), *_stored()
    made = [
        _form(
            {**shipped.get(version, {}), **stored.get(version, {})},
            naming,
            active=version in shipped,
            since=since.get(version),
        )
        for version in {*shipped, *stored}
    ]
    return sorted(made, key=lambda form: form.id)


def form_id(instrument_id: str, version: str) -> str:
    """One id for each version: an old one is found as long as there is one."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", f"{instrument_id}-{version}")


def codes(naming: Naming) -> Iterable[tuple[str, str, str]]:
    """By instrument: the system and code of everything that is observed with it."""
    for languages in (*_shipped().values(), *_stored()[0].values()):
        for one in languages.values():
            own = [panel(one, naming).coding, naming.code(one.id, "result")]
            own += [total.concept.coding for total in _totals(one, naming)]
            own += [
                loinc(item.code) or naming.code(one.id, item.concept)
                for item in one.items
            ]
            yield from ((one.id, each.system, each.code) for each in own)


def _shipped() -> Mapping[Version, Languages]:
    found: dict[Version, Languages] = defaultdict(dict)
    for instrument in load_all().values():
        found[instrument.id, instrument.version][instrument.language] = instrument
    return found


def _stored() -> tuple[Mapping[Version, Languages], Mapping[Version, datetime]]:
    """The newest snapshot of each version and language, and since when each is kept."""
    rows = list(Definition.objects.defer("content").order_by("created_at", "id"))
    check_texts([row.id for row in rows])
    found: dict[Version, Languages] = defaultdict(dict)
    since: dict[Version, datetime] = {}
    for row in rows:
        version = row.instrument_id, row.version
        found[version][row.language] = row.instrument
        since[version] = row.created_at
    return found, since


def _form(
    languages: Languages, naming: Naming, *, active: bool, since: datetime | None
) -> fhir.Form:
    first = languages.get(FIRST) or languages[min(languages)]
    others = [languages[name] for name in sorted(languages) if name != first.language]

    def words(read: Callable[[Instrument], str | None]) -> fhir.Words:
        also = ((one.language, read(one)) for one in others)
        return fhir.Words(
            text=read(first) or "",
            also=tuple((language, text) for language, text in also if text),
        )

    return fhir.Form(
        id=form_id(first.id, first.version),
        url=naming.questionnaire(first),
        version=first.version,
        status="active" if active else "retired",
        language=first.language,
        short_name=first.short_name,
        title=words(lambda one: one.title),
        instruction=words(lambda one: one.instruction),
        panel=panel(first, naming).coding,
        copyright=_copyright([first, *others]),
        description=(
            f"Text: {first.text_review_state}. Scoring: {first.review_state}."
        ),
        questions=tuple(_question(first, item, words, naming) for item in first.items),
        totals=tuple(_totals(first, naming)),
        changed_at=since,
    )


def _copyright(languages: Sequence[Instrument]) -> str:
    notices = [one.licence.attribution for one in languages]
    notices += [one.loinc_notice or "" for one in languages]
    return "\n\n".join(dict.fromkeys(notice for notice in notices if notice))


def _question(
    first: Instrument,
    item: Item,
    words: Callable[[Callable[[Instrument], str | None]], fhir.Words],
    naming: Naming,
) -> fhir.Question:
    def option_words(value: int) -> fhir.Words:
        return words(lambda one: _option_text(_same(one, item), value))

    return fhir.Question(
        link_id=item.link_id,
        coding=loinc(item.code, item.display) or naming.code(first.id, item.concept),
        words=words(lambda one: _text(_same(one, item))),
        options=tuple(
            fhir.Offered(
                coding=option_coding(first, item, option, naming),
                words=option_words(option.value),
                weight=option.value if item.scored else None,
            )
            for option in item.options
        ),
        required=item.required,
        condition=_condition(first, item, naming),
        extract=item.code is not None,
    )


def _same(instrument: Instrument, item: Item) -> Item | None:
    found = (one for one in instrument.items if one.link_id == item.link_id)
    return next(found, None)


def _text(item: Item | None) -> str | None:
    return item.text if item else None


def _option_text(item: Item | None, value: int) -> str | None:
    return item.option(value).text if item else None


def _condition(first: Instrument, item: Item, naming: Naming) -> fhir.Condition | None:
    if item.enable_when is None:
        return None
    read = parse_condition(item.enable_when)
    link_ids = read.items or tuple(one.link_id for one in first.scored_items)
    codes = (
        option_coding(first, first.item(link_id), option, naming).code
        for link_id in link_ids
        for option in first.item(link_id).options
        if option.value >= read.at_least
    )
    return fhir.Condition(
        link_ids=link_ids,
        at_least=tuple(dict.fromkeys(codes)),
        or_declined=read.or_declined,
    )


def _totals(instrument: Instrument, naming: Naming) -> Iterable[fhir.Total]:
    if instrument.method != "sum":
        return
    for part in instrument.subscales:
        yield fhir.Total(
            link_id=part.id,
            concept=subscale_concept(instrument, part.id, part.label, naming),
            unit=instrument.ucum,
            of=part.items,
        )
    yield fhir.Total(
        link_id="total",
        concept=total_concept(instrument, naming),
        unit=instrument.ucum,
        of=tuple(item.link_id for item in instrument.scored_items),
    )
