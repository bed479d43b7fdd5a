"""What a clinic's patients may read: by policy, newest signed first, never a vetoed one."""

import pytest

from core.models import Clinic
from screening import actions, definitions
from screening.domain.wordings import Level
from screening.language import drafts, gate, gating, library, wording
from screening.models import Wording, WordingSignOff
from tests.cast import NOW, Cast, make_cast
from tests.wordings import BAD, ENERGY, ENERGY_TOO, draft, propose, shipped, sign

GENERATED = Wording.Origin.GENERATED


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def _forgetful():
    yield
    gating._judged.cache_clear()


def found(cast: Cast, policy: str, concept: str = "energy"):
    Clinic.objects.filter(id=cast.clinic.id).update(wording_policy=policy)
    cast.clinic.refresh_from_db()
    instrument = definitions.get("phq-9", "en")
    item = next(item for item in instrument.items if item.concept == concept)
    shown = library.find(cast.clinic, item, instrument)
    return {level: one.text for level, one in shown.items()}


def test_unsigned_clinic_shows_shipped_texts_only_where_checks_are_enough(cast: Cast):
    assert found(cast, "official") == {}
    assert found(cast, "approved") == {}
    assert found(cast, "gated") == {level: shipped(level=level).text for level in Level}


def test_signed_text_is_shown_at_its_own_level(cast: Cast):
    sign(cast, shipped(level=Level.EASY))
    assert found(cast, "approved") == {Level.EASY: shipped(level=Level.EASY).text}
    assert found(cast, "official") == {}


def test_signatures_from_before_the_library_hold(cast: Cast):
    text = shipped()
    for person in (cast.alice, cast.liv):
        WordingSignOff.objects.create(
            clinic=cast.clinic,
            wording_key=text.key,
            checksum=text.checksum,
            role=actions.role_of(person),
            by=person,
            at=NOW,
        )
    assert found(cast, "approved") == {Level.PLAIN: text.text}


def test_another_clinics_signatures_and_vetoes_do_not_count(cast: Cast):
    sign(cast, shipped())
    other = cast.other_clinic
    actions.veto(clinic=other, draft=shipped(), reason="No.", by=cast.charlie, at=NOW)
    assert found(cast, "approved") == {Level.PLAIN: shipped().text}


def test_newest_approved_comes_first_and_a_retired_one_does_not_return(cast: Cast):
    sign(cast, shipped())
    propose(cast)
    assert found(cast, "approved")[Level.PLAIN] == shipped().text
    sign(cast, draft())
    assert found(cast, "approved")[Level.PLAIN] == ENERGY
    actions.retire(
        clinic=cast.clinic, draft=draft(), reason="Old.", by=cast.liv, at=NOW
    )
    assert found(cast, "approved") == {}


def test_what_people_signed_comes_before_what_only_passed_the_checks(cast: Cast):
    propose(cast)
    sign(cast, draft())
    propose(cast, ENERGY_TOO)
    assert found(cast, "gated")[Level.PLAIN] == ENERGY


def test_own_words_come_before_shipped_ones_also_after_a_first_signature(cast: Cast):
    propose(cast)
    assert found(cast, "gated")[Level.PLAIN] == ENERGY
    sign(cast, shipped(), cast.liv)
    assert found(cast, "gated")[Level.PLAIN] == ENERGY


def test_a_models_text_comes_last_and_says_that_it_is_one(cast: Cast):
    propose(cast, origin=GENERATED)
    assert found(cast, "gated")[Level.PLAIN] == shipped().text
    actions.veto(clinic=cast.clinic, draft=shipped(), reason="No.", by=cast.liv, at=NOW)
    assert found(cast, "gated")[Level.PLAIN] == ENERGY
    instrument = definitions.get("phq-9", "en")
    item = instrument.item("/44254-1")
    assert library.find(cast.clinic, item, instrument)[Level.PLAIN].by_model

    sign(cast, draft(origin=GENERATED))
    assert not library.find(cast.clinic, item, instrument)[Level.PLAIN].by_model


@pytest.mark.parametrize("policy", ["approved", "gated"])
def test_vetoed_text_is_gone_at_once(cast: Cast, policy):
    sign(cast, shipped())
    actions.veto(
        clinic=cast.clinic, draft=shipped(), reason="No.", by=cast.alice, at=NOW
    )
    assert Level.PLAIN not in found(cast, policy)


def test_shipped_text_in_the_words_of_a_vetoed_one_goes_with_it(cast: Cast):
    easy = shipped(level=Level.EASY)
    row = propose(cast, easy.text.replace(". How", ". how"))
    actions.veto(
        clinic=cast.clinic, draft=draft(row.text), reason="No.", by=cast.liv, at=NOW
    )
    assert Level.EASY not in found(cast, "gated")


def test_text_that_did_not_pass_is_shown_under_no_policy(cast: Cast):
    propose(cast, BAD)
    actions.veto(clinic=cast.clinic, draft=shipped(), reason="No.", by=cast.liv, at=NOW)
    assert Level.PLAIN not in found(cast, "gated")


def test_approved_text_that_the_checks_of_today_refuse_is_not_shown(
    cast: Cast, monkeypatch
):
    """The checks grow: what they refuse now is not shown, whoever signed it."""
    propose(cast)
    sign(cast, draft())
    waiting = propose(cast, ENERGY_TOO)
    grow_gate(monkeypatch)
    assert Level.PLAIN not in found(cast, "approved")
    assert waiting.state == "GATED"
    with pytest.raises(actions.WordingRefused, match="checks of today"):
        sign(cast, drafts.of_row(waiting))


def grow_gate(monkeypatch) -> None:
    """Another version of the gate, which refuses everything."""
    refusing = gate.Verdict(passed=False, failures=(gate.Failure("advice", "x"),))
    monkeypatch.setattr(gate, "CODE", "another")
    monkeypatch.setattr(gate, "check_paraphrase", lambda *_: refusing)
    monkeypatch.setattr(gate, "check_explanation", lambda *_: refusing)
    gating._judged.cache_clear()


def test_item_never_worded_has_nothing_whatever_rows_say(cast: Cast):
    Wording.objects.create(
        clinic=cast.clinic,
        key="en/death_or_self_harm/plainer",
        concept="death_or_self_harm",
        language="en",
        level="plain",
        version=1,
        text="x",
        checksum="0" * 64,
        state="APPROVED",
        origin="IMPORTED",
        proposed_at=NOW,
    )
    assert found(cast, "gated", "death_or_self_harm") == {}


def test_explanation_follows_policy_signatures_and_veto(cast: Cast):
    instrument = definitions.get("phq-9", "en")
    text = wording.explanation(instrument.item("/44254-1"), instrument)
    assert text is not None
    assert not library.may_show(cast.clinic, text)
    from_shipped = drafts.shipped(text)
    sign(cast, from_shipped)
    assert library.may_show(cast.clinic, text)
    actions.veto(
        clinic=cast.clinic, draft=from_shipped, reason="No.", by=cast.liv, at=NOW
    )
    for policy in ("approved", "gated", "official"):
        cast.clinic.wording_policy = policy
        assert not library.may_show(cast.clinic, text)


def test_signed_explanation_that_the_checks_of_today_refuse_is_not_shown(
    cast: Cast, monkeypatch
):
    instrument = definitions.get("phq-9", "en")
    text = wording.explanation(instrument.item("/44254-1"), instrument)
    assert text is not None
    sign(cast, drafts.shipped(text))
    assert library.may_show(cast.clinic, text)
    grow_gate(monkeypatch)
    assert not library.may_show(cast.clinic, text)


def test_record_finds_the_words_whatever_became_of_them(cast: Cast):
    row = propose(cast)
    keys = [f"{row.key}@{row.mark}", "en/energy/plainer@000000000000"]
    actions.veto(clinic=cast.clinic, draft=draft(), reason="No.", by=cast.liv, at=NOW)
    instrument = definitions.get("phq-9", "en")
    item = instrument.item("/44254-1")
    assert library.as_shown(cast.clinic, item, instrument, keys) == {keys[0]: ENERGY}
    assert library.as_shown(cast.other_clinic, item, instrument, keys) == {}
