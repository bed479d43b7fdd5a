"""The stamp of a gated text: one changed letter, item or table, and it is gated again."""

import dataclasses

import pytest

from screening import definitions
from screening.language import gate, gate_nearness, neighbours, tables
from tests.screening.language.cast import item_of

TEXT = "Over the last 2 weeks, how often have you felt tired or had little energy?"


def test_same_text_item_and_gate_keep_their_stamp():
    item, instrument = item_of("energy")
    assert gate.is_current(gate.stamp(TEXT, item, instrument), TEXT, item, instrument)


@pytest.mark.parametrize("at", range(0, len(TEXT), 7))
def test_one_changed_character_is_gated_again(at):
    item, instrument = item_of("energy")
    stamped = gate.stamp(TEXT, item, instrument)
    changed = TEXT[:at] + "~" + TEXT[at + 1 :]
    assert not gate.is_current(stamped, changed, item, instrument)


def test_another_item_language_or_version_is_gated_again():
    item, instrument = item_of("energy")
    stamped = gate.stamp(TEXT, item, instrument)
    newer = dataclasses.replace(instrument, version="2099.1")
    amended = dataclasses.replace(instrument, checksum="0" * 64)
    assert not gate.is_current(stamped, TEXT, *item_of("mood"))
    assert not gate.is_current(stamped, TEXT, *item_of("energy", "es-US"))
    assert not gate.is_current(stamped, TEXT, item, newer)
    assert not gate.is_current(stamped, TEXT, item, amended)
    assert not gate.is_current("", TEXT, item, instrument)
    assert not gate.is_current("ñ", TEXT, item, instrument)


def test_another_table_is_gated_again(monkeypatch):
    item, instrument = item_of("energy")
    stamped = gate.stamp(TEXT, item, instrument)
    changed = {**tables.table("gate", "en"), "grade": 8}
    monkeypatch.setattr(tables, "table", lambda name, language: changed)
    gate._tables.cache_clear()
    try:
        assert not gate.is_current(stamped, TEXT, item, instrument)
    finally:
        gate._tables.cache_clear()


@pytest.mark.parametrize("language", ["en", "es-US"])
def test_official_words_pass_as_they_stand(language):
    for instrument_id in ("phq-9", "gad-7"):
        instrument = definitions.get(instrument_id, language)
        for item in instrument.items:
            for text in (item.text, f"{instrument.instruction} {item.text}"):
                verdict = gate.check_paraphrase(text, item, instrument)
                assert verdict.passed is item.wordable


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (TEXT, "paraphrase"),
        ("Tired, or little energy, over the last 2 weeks.", "paraphrase"),
        ("This question is about feeling tired.", "explanation"),
        ("Energy means the strength to do things.", "explanation"),
        ("This question is about energy. Are you tired?", "paraphrase"),
    ],
)
def test_text_without_a_kind_is_read_as_what_it_is(text, kind):
    assert gate.kind_of(text, "en") == kind


def test_wording_nearer_to_another_item_is_rejected(monkeypatch):
    """The embedding is asked last, and can only reject."""
    item, instrument = item_of("energy")
    near = {"tired or having little energy": (1.0, 0.0)}

    def vectors(texts):
        return [
            FakeVector(next((v for k, v in near.items() if k in text), (0.0, 1.0)))
            for text in texts
        ]

    monkeypatch.setattr(neighbours, "available", lambda: True)
    monkeypatch.setattr(neighbours, "vectors", vectors)
    gate_nearness._vectors.cache_clear()
    try:
        verdict = gate.check_paraphrase(TEXT, item, instrument)
    finally:
        gate_nearness._vectors.cache_clear()
    assert verdict.checks == ("nearer_to_another",)


class FakeVector(tuple[float, ...]):
    def __matmul__(self, other):
        return sum(one * two for one, two in zip(self, other, strict=True))
