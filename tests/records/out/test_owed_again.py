"""What a receiver has that came to be in error, or of somebody else, is sent once more."""

from datetime import timedelta

import pytest

from clinicians.actions.merging import merge, unmerge
from clinicians.actions.patients import RECORD_NUMBER
from core.models import Role
from records.models import Delivery
from records.outbox.changed import owed_again
from records.presenters.leaving import event, our_names, result_of
from tests.cast import make_user
from tests.records.out.test_deliveries import TAKEN, counts
from tests.records.rows import make_patient
from tests.records.test_in_error import renumber, retract

pytestmark = pytest.mark.django_db


def statuses(target):
    kinds = ("QuestionnaireResponse", "Observation")
    return {one["status"] for kind in kinds for one in target.all(kind)}


def subjects(target):
    """The clinic's own number of whoever the receiver's results are of."""
    kinds = ("QuestionnaireResponse", "Observation")
    return {
        one["subject"]["identifier"]["value"]
        for kind in kinds
        for one in target.all(kind)
    }


def test_fhir_server_is_told_and_has_one_of_everything(leaving, target):
    leaving.place(address=target.url)
    made = leaving.result()
    leaving.run()
    assert statuses(target) == {"completed", "final"}
    leaving.now += timedelta(hours=1)
    retract(made, at=leaving.now)
    leaving.run(minutes=1)
    assert statuses(target) == {"entered-in-error"}
    assert counts(target) == TAKEN
    leaving.run(minutes=5)
    assert leaving.states() == ["ACCEPTED", "ACCEPTED"]


def test_what_never_left_is_not_taken_back(leaving, target):
    retract(leaving.result(), at=leaving.now)
    leaving.place(address=target.url)
    leaving.run(minutes=1)
    assert leaving.states() == []


def test_what_still_waits_leaves_as_it_stands_then_and_once(leaving, target):
    leaving.place(address=target.url)
    target.faults = [503]
    made = leaving.result()
    leaving.run()
    retract(made, at=leaving.now)
    leaving.run(hours=1)
    assert leaving.states() == ["ACCEPTED"]
    assert statuses(target) == {"entered-in-error"}


def test_merge_and_parting_move_what_the_receiver_has(leaving, target):
    leaving.place(address=target.url)
    by = make_user(leaving.clinic, Role.SUPERVISOR)
    gone, kept = (make_patient(leaving.clinic, number=n) for n in ("1", "2"))
    leaving.result(gone)
    leaving.run()
    assert subjects(target) == {"1"}
    leaving.now += timedelta(hours=1)
    row = merge(kept=kept, gone=gone, by=by, at=leaving.now)
    leaving.run(minutes=1)
    assert subjects(target) == {"2"}
    assert counts(target) == {**TAKEN, "Patient": 2}
    leaving.now += timedelta(hours=1)
    unmerge(row=row, by=by, at=leaving.now)
    leaving.run(minutes=1)
    assert subjects(target) == {"1"}
    leaving.run(minutes=5)
    assert leaving.states() == ["ACCEPTED"] * 3


def test_what_was_merged_before_moves_along(leaving, target):
    leaving.place(address=target.url)
    by = make_user(leaving.clinic, Role.SUPERVISOR)
    first, second, third = (make_patient(leaving.clinic, number=n) for n in "123")
    merge(kept=second, gone=first, by=by, at=leaving.now - timedelta(days=3))
    leaving.result(first)
    leaving.run()
    leaving.now += timedelta(hours=1)
    merge(kept=third, gone=second, by=by, at=leaving.now)
    leaving.run(minutes=1)
    assert subjects(target) == {"3"}


def test_corrected_number_reaches_the_receiver(leaving, target):
    leaving.place(address=target.url)
    patient = make_patient(leaving.clinic, number="12", system=RECORD_NUMBER)
    leaving.result(patient)
    leaving.run()
    leaving.now += timedelta(hours=1)
    by = make_user(leaving.clinic, Role.CLINICIAN)
    renumber(patient, "21", by, leaving.now)
    leaving.run(minutes=1)
    assert subjects(target) == {"21"}
    leaving.run(minutes=5)
    assert leaving.states() == ["ACCEPTED", "ACCEPTED"]


def test_sent_in_the_moment_of_the_change_is_sent_again(leaving, target):
    """What was read before the change was committed does not count as told."""
    place = leaving.place(address=target.url)
    made = leaving.result()
    leaving.run()
    retract(made, at=leaving.now - timedelta(seconds=5))
    assert len(owed_again(place, since=leaving.now - timedelta(hours=1))) == 1
    leaving.run(minutes=5)
    assert statuses(target) == {"entered-in-error"}
    assert leaving.states() == ["ACCEPTED", "ACCEPTED"]


def test_webhook_says_which_of_them_it_is(leaving):
    leaving.place("WEBHOOK", address="http://127.0.0.1:9/hook")
    made = leaving.result()
    kinds = []
    by = make_user(leaving.clinic, Role.SUPERVISOR)
    kept = make_patient(leaving.clinic, number="2")

    def told():
        row = Delivery.objects.latest("caused_at")
        kinds.append(event(row, result_of(row, our_names()), our_names())["type"])

    leaving.run()
    told()
    Delivery.objects.update(state="ACCEPTED", next_at=None)
    leaving.now += timedelta(hours=1)
    merge(kept=kept, gone=made.screening.patient, by=by, at=leaving.now)
    leaving.run(hours=6)
    told()
    Delivery.objects.update(state="ACCEPTED", next_at=None)
    leaving.now += timedelta(hours=1)
    retract(made, at=leaving.now)
    leaving.run(hours=6)
    told()
    assert kinds == ["result.final", "result.moved", "result.retracted"]


def read_files(tmp_path, place, ending):
    folder = tmp_path / "records" / "out" / str(place.id)
    return [one.read_bytes().decode() for one in sorted(folder.glob(f"*.{ending}"))]


def test_hl7_marks_every_value_wrong_and_says_why(leaving, tmp_path):
    place = leaving.place("HL7_FILE")
    made = leaving.result()
    leaving.run()
    leaving.now += timedelta(hours=1)
    retract(made, at=leaving.now)
    leaving.run(minutes=1)
    first, last = read_files(tmp_path, place, "hl7")
    segments = [line.split("|") for line in last.strip().split("\r")]
    assert {one[11] for one in segments if one[0] == "OBX"} == {"W"}
    (obr,) = [one for one in segments if one[0] == "OBR"]
    assert obr[25] == "C"
    assert obr[3] == f"{made.id}^CHECK-IN"
    assert "Do not use this result" in segments[3][3]
    assert "|W|" not in first
    # What was wrong is named as it was sent: a receiver finds it by its values.
    assert first.count("OBX") == last.count("OBX")


def test_hl7_after_a_merge_is_a_correction_under_the_new_number(leaving, tmp_path):
    place = leaving.place("HL7_FILE")
    by = make_user(leaving.clinic, Role.SUPERVISOR)
    gone, kept = (make_patient(leaving.clinic, number=n) for n in ("1", "2"))
    leaving.result(gone)
    leaving.run()
    leaving.now += timedelta(hours=1)
    merge(kept=kept, gone=gone, by=by, at=leaving.now)
    leaving.run(minutes=1)
    first, last = read_files(tmp_path, place, "hl7")
    assert "|1^^^" in first
    assert "|2^^^" in last
    segments = [line.split("|") for line in last.strip().split("\r")]
    assert {one[11] for one in segments if one[0] == "OBX"} == {"C"}
    assert "merged, parted or renumbered" in last


def test_merge_from_before_the_first_sending_corrects_nothing(leaving, tmp_path):
    place = leaving.place("HL7_FILE")
    by = make_user(leaving.clinic, Role.SUPERVISOR)
    gone, kept = (make_patient(leaving.clinic, number=n) for n in ("1", "2"))
    leaving.result(gone)
    merge(kept=kept, gone=gone, by=by, at=leaving.now)
    leaving.run(minutes=5)
    (only,) = read_files(tmp_path, place, "hl7")
    assert "|2^^^" in only
    assert "|C|" not in only
    assert leaving.states() == ["ACCEPTED"]


def test_csv_rows_say_it(leaving, tmp_path):
    place = leaving.place("CSV_FILE")
    made = leaving.result()
    leaving.run()
    leaving.now += timedelta(hours=1)
    retract(made, at=leaving.now)
    leaving.run(minutes=1)
    first, last = read_files(tmp_path, place, "csv")
    assert "final" in first
    assert last.count("entered-in-error") == len(last.strip().splitlines()) - 1
