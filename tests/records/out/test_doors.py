"""The other doors: webhook, HL7 v2 over MLLP and as files, CSV; and odd FHIR servers."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from core.webhook import AddressRefused, new_secret
from records.client import check_target
from records.formats.hl7 import acknowledged, text
from records.models import Delivery
from tests.records.out.leaving import shorter
from tests.records.out.mllp import mllp
from tests.records.out.target import broken_references, fhir_target
from tests.records.rows import make_patient
from tests.support.receiver import receiving

pytestmark = pytest.mark.django_db


def test_webhook_says_ids_only_and_keeps_its_id(leaving):
    secret = new_secret()
    with receiving(503) as receiver:
        leaving.place("WEBHOOK", receiver.url, secret)
        administration = leaving.result()
        leaving.run()
        receiver.status = 204
        leaving.run(minutes=1)
        assert leaving.states() == ["ACCEPTED"]
        (_, first, _), (_, second, body) = receiver.got
    assert first["webhook-id"] == second["webhook-id"]
    said = json.loads(body)
    assert said["type"] == "result.final"
    assert said["data"]["id"] == str(administration.id)
    assert set(said["data"]) == {"id", "version", "questionnaire_response"}
    for word in (b"12345", b"Doe", b"phq", b"PHQ", b"score"):
        assert word not in body


def test_signature_is_good_for_another_library(leaving):
    secret = new_secret()
    with receiving(204) as receiver:
        leaving.place("WEBHOOK", receiver.url, secret)
        leaving.result()
        leaving.run()
        ((_, headers, body),) = receiver.got
    with time_machine.travel(leaving.now):
        said = Webhook(secret).verify(body, headers)
        assert said["type"] == "result.final"
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body + b" ", headers)


def test_mllp_acknowledgements_are_told_apart(leaving):
    with mllp("AR", "AA", "AE") as (address, got):
        leaving.place("HL7_MLLP", address)
        leaving.result(make_patient(leaving.clinic, number="1"))
        leaving.run()
        assert leaving.states() == ["DUE"]
        leaving.run(minutes=1)
        assert leaving.states() == ["ACCEPTED"]
        leaving.result(make_patient(leaving.clinic, number="2"))
        leaving.run(minutes=1)
    assert sorted(leaving.states()) == ["ACCEPTED", "REFUSED"]
    first, again, _ = (message.split("|")[9] for message in got)
    assert first == again


def test_mllp_answer_about_something_else_is_no_acceptance(leaving):
    with mllp("AA", control="else") as (address, _):
        leaving.place("HL7_MLLP", address)
        leaving.result()
        leaving.run()
    assert leaving.states() == ["DUE"]
    assert "does not say" in Delivery.objects.get().last_error
    leaving.run(hours=1)
    assert "not reached" in Delivery.objects.get().last_error


def test_hl7_file_is_a_message_that_a_strict_parser_takes(leaving, settings):
    place = leaving.place("HL7_FILE")
    leaving.result(make_patient(leaving.clinic, number="12|34"))
    leaving.run()
    (found,) = (Path(settings.RECORDS_FOLDER) / "out" / str(place.id)).iterdir()
    assert found.suffix == ".hl7"
    assert found.stat().st_mode & 0o077 == 0
    message = parse_message(
        found.read_text().replace("\n", "\r"),
        validation_level=VALIDATION_LEVEL.STRICT,
        find_groups=True,
    )
    assert message.validate()
    raw = found.read_text().split("\n")
    obx = [line.split("|") for line in raw if line.startswith("OBX")]
    assert len(obx) == 11
    assert obx[0][3:6] == [
        "44250-9^Little interest or pleasure in doing things^LN",
        "1",
        "LA6569-3^Several days^LN",
    ]
    total = next(o for o in obx if o[3].startswith("44261-6"))
    assert (total[2], total[5], total[6], total[11]) == (
        "NM",
        "9",
        "{score}^^UCUM",
        "F",
    )
    (pid,) = (line for line in raw if line.startswith("PID"))
    assert "12\\F\\34^^^1.2.3^MR" in pid


def test_hl7_says_what_was_declined_or_amended():
    assert text("\x0bDoe\x1c\r") == "\\X0B\\Doe\\X1C\\\\X0D\\"
    assert text("a|b^c&d~e\\f\r\n") == "a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\X0D\\\\X0A\\"
    assert acknowledged(b"MSH|x\rMSA|AA|7\r") == ("AA", "7")
    assert acknowledged(b"no idea") == ("", "")


def test_csv_has_a_line_for_each_item_and_number(leaving, settings):
    place = leaving.place("CSV_FILE")
    patient = make_patient(leaving.clinic, number="=1+1")
    leaving.result(patient)
    leaving.run()
    (found,) = (Path(settings.RECORDS_FOLDER) / "out" / str(place.id)).iterdir()
    rows = list(csv.DictReader(io.StringIO(found.read_text("utf-8-sig"))))
    assert [row["kind"] for row in rows] == ["item"] * 10 + ["score"]
    assert rows[0]["record_number"] == "'=1+1"
    assert (rows[3]["code"], rows[3]["value"]) == ("44254-1", "3")
    assert (rows[-1]["code"], rows[-1]["value"]) == ("44261-6", "9")
    # The same again puts the same file there again.
    Delivery.objects.update(state="DUE", next_at=leaving.now)
    leaving.run(minutes=1)
    assert len(list(found.parent.iterdir())) == 1


def test_folder_that_cannot_be_written_is_told(leaving, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.RECORDS_FOLDER = str(tmp_path / "file")
    leaving.place("CSV_FILE")
    leaving.result()
    leaving.run()
    assert leaving.states() == ["DUE"]
    assert "not written" in Delivery.objects.get().last_error


@pytest.mark.parametrize(
    ("how", "state", "said"),
    [
        ({"kinds": ("Patient", "Observation")}, "ACCEPTED", ""),
        ({"searchable": False, "update_create": True}, "ACCEPTED", ""),
        ({"searchable": False}, "REFUSED", "keep the same result twice"),
        ({"kinds": ("Patient",)}, "REFUSED", "takes no results"),
    ],
    ids=["without responses", "under our ids", "no way to look up", "no results"],
)
def test_server_that_can_do_less_is_met_where_it_is(leaving, how, state, said):
    with fhir_target(**how) as target:
        leaving.place(address=target.url)
        leaving.result()
        leaving.run()
        assert leaving.states() == [state]
        assert said in Delivery.objects.get().last_error
        assert broken_references(target) == []
        if state == "ACCEPTED":
            assert len(target.all("Observation")) == 12
    if "kinds" in how and state == "ACCEPTED":
        derived = target.all("Observation")[0]["derivedFrom"][0]
        assert derived["identifier"]["value"].startswith("urn:uuid:")


def test_patient_who_is_there_twice_is_reported(leaving):
    with fhir_target(whole=False) as target:
        for name in ("Patient/1", "Patient/2"):
            number = {"system": "urn:oid:1.2.3", "value": "12345"}
            target.stored[name] = {"id": name[-1], "identifier": [number]}
        leaving.place(address=target.url)
        leaving.result()
        leaving.run()
    assert "more than one match" in Delivery.objects.get().last_error


def test_address_that_is_no_fhir_server_keeps_results_waiting(leaving, monkeypatch):
    shorter(monkeypatch, deadline=1)
    with receiving(200) as receiver:
        leaving.place(address=receiver.url.partition("?")[0])
        leaving.result()
        leaving.run()
    assert leaving.states() == ["DUE"]
    leaving.run(seconds=int(timedelta(hours=1).total_seconds()))
    assert "not reached" in Delivery.objects.get().last_error


@pytest.mark.parametrize(
    "address",
    [
        "http://fhir.example.org/r4",
        "https://10.0.0.8/fhir",
        "https://ehr/fhir",
        "mllp://ehr.example.org:2575",
        "mllps://ehr.example.org",
        "mllps://10.0.0.8:2575",
        "ftp://ehr.example.org",
    ],
)
def test_address_that_is_not_safe_is_refused(address, settings):
    settings.WEBHOOK_LOOPBACK = False
    with pytest.raises(AddressRefused):
        check_target(address)


def test_hosts_of_ones_own_network_are_named_by_who_runs_this(settings):
    settings.RECORDS_HOSTS = ["ehr", "10.0.0.8"]
    assert check_target("mllp://ehr:2575").port == 2575
    assert check_target("https://10.0.0.8/fhir").hostname == "10.0.0.8"
    with pytest.raises(AddressRefused):
        check_target("http://ehr/fhir")
