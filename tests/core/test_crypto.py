"""Sealing opens only in its place, with its key, unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import crypto

OLD = bytes(range(32))
NEW = bytes(range(32, 64))


@given(
    plain=st.text(st.characters(exclude_categories=["Cs"])), context=st.text("abc.:")
)
def test_seal_opens_again(plain, context):
    sealed = crypto.seal(plain, context=context)
    assert crypto.open_sealed(sealed, context=context) == plain
    assert plain not in sealed or len(plain) < 4


def test_seal_differs_each_time():
    assert crypto.seal("word", context="c") != crypto.seal("word", context="c")


def test_open_sealed_refuses_another_place():
    sealed = crypto.seal("word", context="table.column:1")
    with pytest.raises(crypto.CannotRead):
        crypto.open_sealed(sealed, context="table.column:2")


@pytest.mark.parametrize(
    "change", ["", "x", "t1", "t1.", "t1.a.b", "t1.é.b", "..", "plain"]
)
def test_open_sealed_refuses_what_is_not_sealed(change):
    with pytest.raises(crypto.CannotRead):
        crypto.open_sealed(change, context="c")


def test_open_sealed_refuses_every_changed_letter():
    sealed = crypto.seal("word", context="c")
    start = sealed.index(".") + 1
    for place in range(start, len(sealed) - 1):
        letter = "A" if sealed[place] != "A" else "B"
        with pytest.raises(crypto.CannotRead):
            crypto.open_sealed(
                sealed[:place] + letter + sealed[place + 1 :], context="c"
            )


def test_key_ring_opens_what_an_older_key_sealed(settings):
    settings.FIELD_KEYS = {"old": OLD}
    sealed = crypto.seal("word", context="c")
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    assert crypto.open_sealed(sealed, context="c") == "word"
    assert not crypto.is_current(sealed)
    assert crypto.is_current(crypto.seal("word", context="c"))


def test_open_sealed_says_when_the_key_is_gone(settings):
    settings.FIELD_KEYS = {"old": OLD}
    sealed = crypto.seal("word", context="c")
    settings.FIELD_KEYS = {"new": NEW}
    with pytest.raises(crypto.CannotRead, match="No key"):
        crypto.open_sealed(sealed, context="c")


def test_blind_index_depends_on_value_purpose_and_key(settings):
    first = crypto.blind_index("1980-02-03", purpose="birth")
    assert first == crypto.blind_index("1980-02-03", purpose="birth")
    assert first != crypto.blind_index("1980-02-04", purpose="birth")
    assert first != crypto.blind_index("1980-02-03", purpose="record")
    settings.INDEX_KEY = NEW
    assert first != crypto.blind_index("1980-02-03", purpose="birth")


def test_new_token_has_256_bits_and_only_its_hash_is_kept():
    token = crypto.new_token()
    assert len(token) == 43
    assert len(crypto.hash_token(token)) == 64
    assert token not in crypto.hash_token(token)
