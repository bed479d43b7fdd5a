"""Two at once in the library, on real connections, and a patient beside them."""

import threading

import pytest
from django.db import connection, transaction

from screening import actions
from screening.actions import wording_rows
from screening.domain.wordings import MoveRefused
from screening.models import ModelCall, WordingSignOff
from tests.cast import NOW, make_cast
from tests.screening.engine.test_races import at_once
from tests.wordings import draft, propose, sign

pytestmark = pytest.mark.django_db(transaction=True)


def test_library_that_is_written_holds_up_no_patient():
    """Every row of a turn points at its clinic, which a bulk sign-off locks. SQLite has
    one writer at a time: there the patient waits for the commit, and is kept."""
    cast = make_cast()
    call = ModelCall(clinic=cast.clinic, purpose="clarify", latency_ms=1, at=NOW)

    def save() -> None:
        call.save(force_insert=True)
        connection.close()

    with transaction.atomic():
        wording_rows.lock(cast.clinic)
        patient = threading.Thread(target=save)
        patient.start()
        patient.join(5)
        waits = patient.is_alive()
    patient.join()
    assert waits is (connection.vendor == "sqlite")
    assert ModelCall.objects.filter(pk=call.pk).exists()


def test_both_roles_at_once_approve_once_and_a_veto_beside_them_stands():
    cast = make_cast()
    row, text = propose(cast), draft()
    signing = [
        lambda p=p: sign(cast, text, p) for p in (cast.alice, cast.liv, cast.bob)
    ]
    assert at_once(*signing) == []
    row.refresh_from_db()
    assert row.state == "APPROVED"
    assert row.events.filter(kind="APPROVED").count() == 1
    assert WordingSignOff.objects.count() == 2

    def veto(by) -> None:
        actions.veto(clinic=cast.clinic, draft=text, reason="No.", by=by, at=NOW)

    raised = at_once(lambda: veto(cast.liv), lambda: veto(cast.alice))
    assert [type(error) for error in raised] == [MoveRefused]
    row.refresh_from_db()
    assert row.state == "VETOED"
    assert row.events.filter(kind="VETOED").count() == 1
