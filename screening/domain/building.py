"""From two data files, scoring and text, to one instrument, or a refusal."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from screening.domain.building_items import read_items
from screening.domain.building_rules import (
    read_algorithm,
    read_band,
    read_change,
    read_cut,
    read_missing,
    read_subscale,
    read_triage,
)
from screening.domain.checking import check_instrument
from screening.domain.questionnaire import Instrument, Item, Licence
from screening.domain.reading import Reader, read_review

LICENCES = ("free", "public_domain", "licensed to the clinic")
INSTRUMENT_KEYS = (
    *("id", "version", "time_frame", "self_administered", "method", "items"),
    *("options", "bands", "bands_source", "cut", "alternate_cuts", "subscales"),
    *("missing", "algorithm", "triage", "change", "loinc_panel"),
    *("loinc_panel_display", "total_code", "total_display", "ucum", "licence"),
    *("loinc_notice", "review_state", "reviewed_by", "reviewed_on"),
    *("sources", "notes"),
)
TEXT_KEYS = (
    *("id", "version", "language", "title", "instruction", "items", "options"),
    *("attribution", "review_state", "reviewed_by", "reviewed_on"),
    *("sources", "notes", "checksum"),
)


def build(
    instrument_data: Mapping[str, Any], text_data: Mapping[str, Any], *, file: str
) -> Instrument:
    """The instrument in the text's language; raises DefinitionError if unsafe.

    `file` names the text file; errors in the scoring data name instrument.json beside it.
    """
    scoring = Reader(instrument_data, _beside(file))
    text = Reader(text_data, file)
    scoring.only(*INSTRUMENT_KEYS)
    text.only(*TEXT_KEYS)
    for key in ("id", "version"):
        if text.text(key) != scoring.text(key):
            raise text.refusal("differs from instrument.json", key)
    instrument = _assemble(scoring, text)
    check_instrument(instrument, scoring.file)
    _check_checksum(instrument, text)
    return instrument


def text_checksum(title: str, instruction: str, items: Iterable[Item]) -> str:
    """SHA-256 over all that a patient reads, in its order."""
    read = [
        title,
        instruction,
        [
            [item.link_id, item.text, [[o.value, o.text] for o in item.options]]
            for item in items
        ],
    ]
    canonical = json.dumps(read, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _beside(file: str) -> str:
    folder, slash, _ = file.rpartition("/")
    return f"{folder}{slash}instrument.json"


def _assemble(scoring: Reader, text: Reader) -> Instrument:
    items = read_items(scoring, text)
    bands_source = scoring.maybe_text("bands_source")
    return Instrument(
        id=scoring.text("id"),
        version=scoring.text("version"),
        language=text.text("language"),
        title=text.text("title"),
        time_frame=scoring.text("time_frame"),
        instruction=text.text("instruction"),
        items=items,
        answer_list=items[0].answer_list,
        bands=tuple(read_band(r, bands_source) for r in scoring.children("bands")),
        bands_source=bands_source,
        cut=scoring.maybe("cut", read_cut),
        alternate_cuts=tuple(map(read_cut, scoring.children("alternate_cuts"))),
        subscales=tuple(map(read_subscale, scoring.children("subscales"))),
        missing=read_missing(scoring.child("missing")),
        algorithm=scoring.maybe("algorithm", read_algorithm),
        triage=scoring.maybe("triage", read_triage),
        method=scoring.text("method"),
        change=scoring.maybe("change", read_change),
        loinc_panel=scoring.maybe_text("loinc_panel"),
        loinc_panel_display=scoring.maybe_text("loinc_panel_display"),
        total_code=scoring.maybe_text("total_code"),
        total_display=scoring.maybe_text("total_display"),
        ucum=scoring.text("ucum"),
        licence=_read_licence(scoring, text),
        loinc_notice=scoring.maybe_text("loinc_notice"),
        checksum=text.text("checksum"),
        self_administered=scoring.truth("self_administered"),
        **_read_provenance(scoring, text),
    )


def _read_provenance(scoring: Reader, text: Reader) -> dict[str, Any]:
    """Where rules and text come from, and how far each has been reviewed."""
    state, by, on = read_review(scoring)
    text_state, text_by, text_on = read_review(text)
    return {
        "review_state": state,
        "reviewed_by": by,
        "reviewed_on": on,
        "text_review_state": text_state,
        "text_reviewed_by": text_by,
        "text_reviewed_on": text_on,
        "sources": scoring.sources(),
        "text_sources": text.sources(),
        "notes": scoring.texts("notes"),
        "text_notes": text.texts("notes"),
    }


def _read_licence(scoring: Reader, text: Reader) -> Licence:
    if scoring.data["licence"] is None:
        raise scoring.refusal("there is no licence", "licence")
    reader = scoring.child("licence")
    reader.only("status", "holder")
    if reader.text("status") not in LICENCES:
        raise reader.refusal(f"is not one of: {', '.join(LICENCES)}", "status")
    return Licence(
        status=reader.text("status"),
        holder=reader.text("holder"),
        attribution=text.text("attribution"),
    )


def _check_checksum(instrument: Instrument, text: Reader) -> None:
    found = text_checksum(instrument.title, instrument.instruction, instrument.items)
    if found != instrument.checksum:
        reason = (
            f"the text gives {found}; official text is never edited, "
            "a changed one is a new version"
        )
        raise text.refusal(reason, "checksum")
