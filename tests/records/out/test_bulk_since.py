"""Nothing falls between two exports: late commits, and every kind of change."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from clinicians.models import Notice, PatientMerge, ReviewEvent
from core.models import Role
from records import tasks
from records.outbox import exports
from screening.models import Screening
from tests.cast import make_episode, make_flag, make_user
from tests.records.conftest import AT, make_token, showing
from tests.records.out.exporting import PHQ9, fetched, kick_off
from tests.records.rows import make_administration, make_clinic, make_patient

WAIT = 20
HOUR = timedelta(hours=1)


def exported(fhir, query):
    status = kick_off(fhir, query=query)
    assert tasks.tick()
    return fetched(fhir, status)


@pytest.mark.django_db(transaction=True)
def test_what_was_stamped_before_and_committed_after_is_in_the_next_export():
    """Nobody saw it while the first was made, and its time lies before the first's end:
    the first was asked for an hour later, by the clock of whoever asked."""
    if connection.vendor == "sqlite":
        # Its one writer holds the lock: an export is asked for before it, or after.
        assert exports._under_way_since() is None
        return
    token = make_token(make_clinic())
    fhir, begun, go = showing(token.secret), threading.Event(), threading.Event()

    def late():
        with transaction.atomic():
            row = make_patient(token.client.clinic)
            type(row).objects.filter(id=row.id).update(created_at=timezone.now())
            begun.set()
            go.wait(WAIT)
        connection.close()

    writer = threading.Thread(target=late)
    writer.start()
    assert begun.wait(WAIT)
    at = timezone.now() + HOUR
    wanted = exports.Ask(level="system", types=["Patient"], request="/")
    first = exports.ask(client=token.client, wanted=wanted, at=at)
    assert tasks.tick(lambda: at)
    first.refresh_from_db()
    assert (first.state, first.files.count()) == ("DONE", 0)
    go.set()
    writer.join(WAIT)
    since = first.until_at.isoformat().replace("+00:00", "Z")
    _, found = exported(fhir, f"?_type=Patient&_since={since}")
    assert len(found["Patient"]) == 1
    # With nothing under way, the next one reaches up to now again.
    second = exports.ask(client=token.client, wanted=wanted, at=timezone.now())
    assert second.until_at > first.until_at


@pytest.fixture
def cared_for(clinic):
    """A result, its consent, a case with a flag and a notice: all of long ago."""
    part = make_administration(clinic, PHQ9, patient=make_patient(clinic, number="1"))
    Screening.objects.filter(id=part.screening_id).update(consented_at=AT)
    case = make_episode(part.screening.patient, opened_at=AT, last_flag_at=AT)
    make_flag(case, part.screening)
    Notice.objects.create(
        episode=case, round=0, step="team", recipient="", key="1", created_at=AT
    )
    return part


def withdraw(part, at):
    screening = Screening.objects.filter(id=part.screening_id)
    screening.update(status=Screening.Status.WITHDRAWN, closed_at=at, completed_at=None)


def send_notice(part, at):
    Notice.objects.update(sent_at=at)


def close_case(part, at):
    case = part.screening.patient.episodes.get()
    ReviewEvent.objects.create(episode=case, kind=ReviewEvent.Kind.CLOSED, at=at)


def merge(part, at):
    clinic, gone = part.screening.clinic, part.screening.patient
    kept = make_patient(clinic)
    PatientMerge.objects.create(
        clinic=clinic,
        kept=kept,
        gone=gone,
        before="ACTIVE",
        by=make_user(clinic, Role.SUPERVISOR),
        at=at,
    )
    rows = type(gone).objects.filter(id=gone.id)
    rows.update(status="MERGED", merged_into=kept)


EVERYTHING = {
    *("Patient", "QuestionnaireResponse", "Observation", "Provenance"),
    *("Task", "Flag", "Communication", "Consent"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (withdraw, {"Consent"}),
        (send_notice, {"Communication"}),
        (close_case, {"Task", "Flag"}),
        (merge, EVERYTHING),
    ],
)
def test_each_change_brings_what_is_said_otherwise_and_nothing_else(
    fhir, cared_for, change, kinds
):
    since = (timezone.now() - HOUR).isoformat().replace("+00:00", "Z")
    types = ",".join(sorted(EVERYTHING))
    before = exported(fhir, f"?_type={types}&_since={since}")[1]
    assert before == {}
    change(cared_for, timezone.now())
    _, found = exported(fhir, f"?_type={types},Questionnaire&_since={since}")
    # That a form is retired has no moment: forms come every time.
    assert set(found) == {*kinds, "Questionnaire"}
