"""An instrument as one dictionary and back: the form in which it is kept once used."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from screening.domain.building import INSTRUMENT_KEYS, build
from screening.domain.questionnaire import Instrument, Item
from screening.domain.reading import Reader

# Fields whose data are the fields of their value, level by level.
_PLAIN = ("cut", "missing", "algorithm", "triage", "change")
_PLAIN_LISTS = ("alternate_cuts", "subscales")
_TEXT_REVIEW = ("review_state", "reviewed_by", "reviewed_on", "sources", "notes")


def to_dict(instrument: Instrument) -> dict[str, Any]:
    """The two halves of the definition, ready for JSON."""
    return {"instrument": _scoring(instrument), "text": _text(instrument)}


def from_dict(data: Mapping[str, Any], *, file: str = "snapshot") -> Instrument:
    """The instrument kept in a snapshot, checked again like any definition."""
    reader = Reader(data, file)
    reader.only("instrument", "text")
    return build(reader.child("instrument").data, reader.child("text").data, file=file)


def _scoring(instrument: Instrument) -> dict[str, Any]:
    written: dict[str, Any] = {
        "items": [_item(item) for item in instrument.items],
        "options": {item.kind: _option_set(item) for item in instrument.items},
        "bands": [
            {"min": band.min, "max": band.max, "label": band.label}
            for band in instrument.bands
        ],
        "licence": {
            "status": instrument.licence.status,
            "holder": instrument.licence.holder,
        },
    }
    for key in INSTRUMENT_KEYS:
        if key not in written:
            written[key] = _plain(key, getattr(instrument, key))
    return written


def _plain(key: str, value: Any) -> Any:
    if key in _PLAIN:
        return None if value is None else _listed(asdict(value))
    if key in _PLAIN_LISTS:
        return [_listed(asdict(entry)) for entry in value]
    return _listed(value)


def _listed(value: Any) -> Any:
    """Tuples become lists, so that the dictionary equals its own JSON."""
    if isinstance(value, dict):
        return {key: _listed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(inner) for inner in value]
    return value


def _item(item: Item) -> dict[str, Any]:
    # The snapshot is of one language, so every item in it belongs to it.
    return {
        "link_id": item.link_id,
        "number": item.number,
        "concept": item.concept,
        "code": item.code,
        "display": item.display,
        "options": item.kind,
        "scored": item.scored,
        "required": item.required,
        "enable_when": item.enable_when,
        "safety": item.safety,
        "wordable": item.wordable,
        "code_in_panel": item.code_in_panel,
        "languages": None,
    }


def _option_set(item: Item) -> dict[str, Any]:
    systems = [o.code_system for o in item.options if o.code_system is not None]
    return {
        "answer_list": item.answer_list,
        "code_system": systems[0] if systems else None,
        "choices": [{"value": o.value, "code": o.code} for o in item.options],
    }


def _text(instrument: Instrument) -> dict[str, Any]:
    written: dict[str, Any] = {
        key: getattr(instrument, key)
        for key in ("id", "version", "language", "title", "instruction", "checksum")
    }
    for key in _TEXT_REVIEW:
        written[key] = _listed(getattr(instrument, f"text_{key}"))
    written["attribution"] = instrument.licence.attribution
    written["items"] = [
        {"link_id": item.link_id, "text": item.text} for item in instrument.items
    ]
    written["options"] = {
        item.kind: [{"value": o.value, "text": o.text} for o in item.options]
        for item in instrument.items
    }
    return written
