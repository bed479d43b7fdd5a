"""Proposing, signing, retiring, vetoing: who may, what moves, what is kept of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core.models import AuditEvent, Role
from core.permissions import PermissionRefused
from screening import actions
from screening.domain.wordings import MOVES, Level, MoveRefused, State
from screening.models import Wording, WordingEvent, WordingSignOff
from tests.cast import NOW, Cast, make_cast, make_user
from tests.wordings import BAD, ENERGY, ENERGY_TOO, draft, propose, shipped, sign


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def kinds(row: Wording) -> set[str]:
    return set(row.events.values_list("kind", flat=True))


def test_proposal_that_passes_is_gated_and_waits(cast: Cast):
    row = propose(cast)
    assert (row.state, row.version, row.origin) == ("GATED", 1, "WRITTEN")
    assert kinds(row) == {"PROPOSED", "GATED"}
    assert row.gate_stamp


def test_proposal_that_does_not_pass_is_kept_with_what_was_found(cast: Cast):
    row = propose(cast, BAD)
    assert row.state == "PROPOSED"
    assert "advice" in {check for check, _ in row.verdicts}
    assert kinds(row) == {"PROPOSED", "NOT_GATED"}
    with pytest.raises(MoveRefused, match="not passed the checks"):
        sign(cast, draft(BAD))
    assert not WordingSignOff.objects.exists()


def test_second_role_approves(cast: Cast):
    row = propose(cast)
    sign(cast, draft(), cast.alice)
    row.refresh_from_db()
    assert row.state == "GATED"
    sign(cast, draft(), cast.liv)
    row.refresh_from_db()
    assert row.state == "APPROVED"
    assert kinds(row) == {"PROPOSED", "GATED", "SIGNED", "APPROVED"}
    assert (row.key, row.checksum) in actions.signed(cast.clinic.id)


def test_one_role_twice_is_one_signature(cast: Cast):
    row = propose(cast)
    sign(cast, draft(), cast.alice)
    assert not actions.sign(clinic=cast.clinic, draft=draft(), by=cast.bob, at=NOW)
    row.refresh_from_db()
    assert row.state == "GATED"


def test_nobody_signs_in_both_roles(cast: Cast):
    row = propose(cast)
    sign(cast, draft(), cast.alice)
    cast.alice.role = Role.LIVED_EXPERIENCE
    cast.alice.save()
    with pytest.raises(actions.WordingRefused, match="in the other role"):
        sign(cast, draft(), cast.alice)
    row.refresh_from_db()
    assert row.state == "GATED"


def test_edit_is_a_new_version_whose_signatures_start_again(cast: Cast):
    first = propose(cast)
    sign(cast, draft())
    second = actions.propose(
        clinic=cast.clinic,
        draft=draft(ENERGY_TOO),
        by=cast.liv,
        at=NOW,
        replaces=first,
    )
    assert (second.version, second.state, second.replaces) == (2, "GATED", first)
    first.refresh_from_db()
    assert first.state == "APPROVED"

    sign(cast, draft(ENERGY_TOO))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("RETIRED", "APPROVED")
    retired = first.events.get(kind="RETIRED")
    assert retired.detail["successor"] == str(second.id)


def test_one_changed_character_is_another_text(cast: Cast):
    propose(cast)
    other = propose(cast, ENERGY.replace("past", "last"))
    sign(cast, draft())
    other.refresh_from_db()
    assert other.state == "GATED"


def test_very_same_text_is_there_already(cast: Cast):
    propose(cast)
    with pytest.raises(actions.AlreadyThere, match="already"):
        propose(cast)


@pytest.mark.parametrize("who", ["alice", "sue", "liv"])
def test_veto_works_for_either_role_from_every_state(cast: Cast, who):
    person = getattr(cast, who)
    proposed = propose(cast, BAD)
    gated = propose(cast)
    approved = propose(cast, ENERGY_TOO, level=Level.EASY)
    sign(cast, draft(ENERGY_TOO, level=Level.EASY))
    for row in (proposed, gated, approved):
        actions.veto(
            clinic=cast.clinic,
            draft=draft(row.text, level=Level(row.level)),
            reason="It blames.",
            by=person,
            at=NOW,
        )
        row.refresh_from_db()
        assert row.state == "VETOED"
        assert row.events.get(kind="VETOED").reason == "It blames."


def test_retired_text_can_still_be_vetoed(cast: Cast):
    row = propose(cast)
    sign(cast, draft())
    given: dict[str, Any] = {
        "clinic": cast.clinic,
        "draft": draft(),
        "by": cast.liv,
        "at": NOW,
    }
    actions.retire(reason="A better one exists.", **given)
    actions.veto(reason="It blames.", **given)
    row.refresh_from_db()
    assert row.state == "VETOED"
    with pytest.raises(MoveRefused, match="vetoed already"):
        actions.veto(reason="Again.", **given)


@pytest.mark.parametrize("act", [actions.veto, actions.retire])
def test_end_without_a_reason_is_refused_and_changes_nothing(cast: Cast, act):
    row = propose(cast)
    sign(cast, draft())
    with pytest.raises(actions.WordingRefused, match="Say why"):
        act(clinic=cast.clinic, draft=draft(), reason="  ", by=cast.alice, at=NOW)
    row.refresh_from_db()
    assert row.state == "APPROVED"


def test_vetoed_words_cannot_come_back_in_another_spelling(cast: Cast):
    propose(cast)
    actions.veto(clinic=cast.clinic, draft=draft(), reason="No.", by=cast.liv, at=NOW)
    spelt = ENERGY.replace("tired or", "tired, or")
    for level in Wording.Level:
        with pytest.raises(actions.Vetoed, match="vetoed"):
            propose(cast, spelt, level=level)


def test_veto_ends_the_same_words_wherever_else_they_stand(cast: Cast):
    """One person's no to the words is a no to them, not to their place in a list."""
    spelt = ENERGY.replace("tired or", "tired, or")
    first, easy = propose(cast), propose(cast, level=Level.EASY)
    other, apart = propose(cast, spelt), propose(cast, ENERGY_TOO)
    sign(cast, draft(level=Level.EASY))
    actions.veto(clinic=cast.clinic, draft=draft(), reason="No.", by=cast.liv, at=NOW)
    for row in (first, easy, other):
        row.refresh_from_db()
        assert row.state == "VETOED"
        assert "VETOED" in kinds(row)
    apart.refresh_from_db()
    assert apart.state == "GATED"


def test_shipped_text_vetoed_meanwhile_under_another_heading_is_not_signed(cast: Cast):
    read = shipped()
    same = draft(read.text, level=Level.EASY)
    propose(cast, read.text, level=Level.EASY)
    actions.veto(clinic=cast.clinic, draft=same, reason="No.", by=cast.liv, at=NOW)
    with pytest.raises(actions.Vetoed, match="vetoed meanwhile"):
        sign(cast, read, cast.alice)
    assert not WordingSignOff.objects.exists()


def test_shipped_text_gets_its_row_with_the_first_act(cast: Cast):
    text = shipped()
    assert not Wording.objects.exists()
    sign(cast, text, cast.liv)
    row = Wording.objects.get()
    assert (row.origin, row.state, row.version) == ("SHIPPED", "GATED", 1)
    assert row.events.get(kind="PROPOSED").by is None


def test_text_signed_before_there_were_rows_is_approved_with_its_first_row(cast: Cast):
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
    actions.retire(
        clinic=cast.clinic, draft=text, reason="Too long.", by=cast.liv, at=NOW
    )
    assert kinds(Wording.objects.get()) >= {"APPROVED", "RETIRED"}


def test_each_signature_of_many_has_its_own_line_in_the_log(cast: Cast):
    propose(cast, BAD)
    made = actions.sign_many(
        clinic=cast.clinic,
        drafts=[shipped(), draft(BAD), shipped("sleep")],
        by=cast.alice,
        at=NOW,
    )
    assert made.count == 2
    assert [text.text for text, _ in made.refused] == [BAD]
    lines = AuditEvent.objects.filter(kind="WORDING_SIGNED")
    assert {line.detail["key"] for line in lines} == {
        "en/energy/plainer",
        "en/sleep/plainer",
    }


@pytest.mark.parametrize("who", ["ada", "fred", "charlie"])
def test_others_and_strangers_can_do_nothing(cast: Cast, who):
    person = getattr(cast, who)
    given: dict[str, Any] = {
        "clinic": cast.clinic,
        "draft": shipped(),
        "by": person,
        "at": NOW,
    }
    why = {"reason": "No."}
    acts: list[tuple[Callable[..., object], dict[str, str]]] = [
        (actions.sign, {}),
        (actions.propose, {}),
        (actions.veto, why),
        (actions.retire, why),
    ]
    for act, more in acts:
        with pytest.raises(PermissionRefused):
            act(**given, **more)
    assert not Wording.objects.exists()


def test_wording_reviewer_signs_as_clinician(cast: Cast):
    reviewer = make_user(cast.clinic, Role.WORDING_REVIEWER)
    sign(cast, shipped(), reviewer, cast.liv)
    assert Wording.objects.get().state == "APPROVED"


@pytest.mark.parametrize("from_", State)
@pytest.mark.parametrize("to", State)
def test_database_moves_a_wording_only_as_the_table_says(cast: Cast, from_, to):
    path = {
        State.PROPOSED: [],
        State.GATED: ["GATED"],
        State.APPROVED: ["GATED", "APPROVED"],
        State.RETIRED: ["GATED", "APPROVED", "RETIRED"],
        State.VETOED: ["VETOED"],
    }[from_]
    row = propose(cast, BAD)
    for state in path:
        Wording.objects.filter(id=row.id).update(state=state)
    rows = Wording.objects.filter(id=row.id)
    if from_ == to or (from_, to) in MOVES:
        assert rows.update(state=to) == 1
        return
    with pytest.raises(DatabaseError, match="cannot move so"), transaction.atomic():
        rows.update(state=to)


@pytest.mark.parametrize("field", ["text", "checksum", "key"])
def test_database_keeps_the_words_as_they_were_signed(cast: Cast, field):
    row = propose(cast)
    with (
        pytest.raises((DatabaseError, IntegrityError), match="keeps its words"),
        transaction.atomic(),
    ):
        Wording.objects.filter(id=row.id).update(**{field: "other"})


def test_database_removes_no_wording_and_edits_no_event(cast: Cast):
    row = propose(cast)
    events = WordingEvent.objects.filter(wording=row)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        events.update(reason="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        Wording.objects.filter(id=row.id)._raw_delete("default")
