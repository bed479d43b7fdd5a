"""A CSV of patients: every line is shown first, and none is lost."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinicians.actions import importing
from clinicians.actions.importing import CROWD, likely_duplicates, register_many
from clinicians.actions.patients import Details
from clinicians.forms.files import MOST_LINES, read_patients
from clinicians.forms.patients import LARGEST_FILE
from core.audit import verify
from core.models import AuditEvent, Patient
from tests.cast import NOW, Cast, make_patient, signed_in

HEAD = "record_number,birth_date,family_name,given_name,email,phone,language"
GOOD = f"{HEAD}\nA-1,1990-02-01,Okafor,Ada,,,en\nA-2,1991-02-01,Lund,,,,\n"


def upload(client, content: str | bytes):
    raw = content if isinstance(content, bytes) else content.encode()
    file = SimpleUploadedFile("patients.csv", raw, content_type="text/csv")
    return client.post(reverse("clinicians:import"), {"file": file})


def confirm(client, text: str, *anyway: int):
    data = {"text": text, "anyway": [str(number) for number in anyway]}
    return client.post(reverse("clinicians:confirm-import"), data, follow=True)


def test_page_names_the_languages_a_file_may_use(cast: Cast):
    cast.clinic.languages = ["en", "es-US"]
    cast.clinic.save()
    page = signed_in(cast.fred).get(reverse("clinicians:import")).content.decode()
    assert "<code>en</code> for English or <code>es-US</code> for Spanish" in page
    assert "left empty, it is English" in page


def test_one_line_is_counted_as_one(cast: Cast):
    text = f"{HEAD}\nA-1,1990-02-01,Okafor,Ada,,,en\nA-2,spring,Lund,,,,\n"
    page = confirm(signed_in(cast.fred), text).content.decode()
    assert "1 patient registered, 1 line left out." in page


def test_preview_saves_nothing(cast: Cast):
    page = upload(signed_in(cast.fred), GOOD).content.decode()
    assert "2 lines will be registered" in page
    assert "<td>1 Feb 1990</td>" in page
    assert not Patient.objects.exists()


def test_files_are_read_as_spreadsheets_write_them(cast: Cast):
    client = signed_in(cast.fred)
    text = GOOD.replace("Okafor", "Núñez")
    for raw in (
        text.encode(),
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        text.replace(",", ";").encode(),
        f"sep=;\n{text.replace(',', ';')}".encode(),
        text.replace(",", "\t").encode(),
        text.replace("\n", "\r\n").encode(),
        text.replace("\n", ",,,\n").encode(),
        text.replace("record_number", "MRN")
        .replace("birth_date", "Date of birth")
        .replace("given_name", "First Name")
        .encode(),
    ):
        page = upload(client, raw).content.decode()
        assert "Ada Núñez" in page, raw
        assert "2 lines will be registered" in page, raw
        assert "Look at the accents" not in page


def test_letters_of_windows_are_read_and_shown_for_a_look(cast: Cast):
    raw = GOOD.replace("Okafor", "Núñez").encode("cp1252")
    page = upload(signed_in(cast.fred), raw).content.decode()
    assert "Ada Núñez" in page
    assert "Look at the accents" in page


def test_columns_that_are_not_read_are_named(cast: Cast):
    text = "record_number,birth_date,Shoe size,family_name\nA-1,1990-02-01,41,Lund\n"
    page = upload(signed_in(cast.fred), text).content.decode()
    assert "<code>Shoe size</code>" in page
    assert "1 line will be registered" in page


def test_the_order_of_dates_is_said_once_for_the_file(cast: Cast):
    client = signed_in(cast.fred)
    text = f"{HEAD}\nA-1,3/4/1980,Okafor,Ada,,,English\nA-2,3/14/1980,Lund,,,,\n"
    for dates, born in (
        ("month", ["1980-03-04", "1980-03-14"]),
        ("day", ["1980-04-03"]),
    ):
        found = read_patients(text, clinic=cast.clinic, today=NOW.date(), dates=dates)
        assert [line.details.birth_date for line in found.lines] == born
    file = SimpleUploadedFile("patients.csv", text.encode(), content_type="text/csv")
    data = {"file": file, "dates": "day"}
    page = client.post(reverse("clinicians:import"), data).content.decode()
    assert "3/14/1980 is no day with the day first" in page
    assert '<input type="hidden" name="dates" value="day">' in page

    client.post(reverse("clinicians:confirm-import"), {"text": text, "dates": "month"})
    kept = {patient.birth_date for patient in Patient.objects.all()}
    assert kept == {"1980-03-04", "1980-03-14"}


def test_what_was_left_out_is_listed_after_the_import_too(cast: Cast):
    make_patient(cast.clinic, birth_date="1990-02-01", family_name="OKAFOR")
    text = f"{GOOD}A-3,spring,Lund,,,,\n"
    page = confirm(signed_in(cast.fred), text).content.decode()
    assert "1 patient registered, 2 lines left out." in page
    assert '<th scope="row">2</th>' in page
    assert "It was not ticked." in page
    assert '<th scope="row">4</th>' in page


def test_confirmed_lines_are_registered(cast: Cast):
    page = confirm(signed_in(cast.fred), GOOD).content.decode()
    assert "2 patients registered, 0 lines left out." in page
    patients = Patient.objects.filter(clinic=cast.clinic, language="en")
    assert {p.display_name for p in patients} == {"Ada Okafor", "Lund"}


def test_confirmed_twice_registers_once(cast: Cast):
    client = signed_in(cast.fred)
    confirm(client, GOOD)
    page = confirm(client, GOOD).content.decode()
    assert "0 patients registered, 2 lines left out." in page
    assert Patient.objects.count() == 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A-3,spring,Lund,,,,en", "Birth date"),
        ("A-3,1990-02-30,Lund,,,,en", "Birth date"),
        ("A-3,03/04/1980,Lund,,,,en", "03/04/1980 does not have the year first"),
        ("A-3,01/02/45,Lund,,,,en", "a year of two digits"),
        ("1.23457E+11,1990-02-01,Lund,,,,en", "spreadsheet has shortened it"),
        ("A-3,1990-02-01,Lund,,,,en,more", "It has 8 values"),
        ("A-3,2090-01-01,Lund,,,,en", "in the future"),
        ("A-3,1899-12-31,Lund,,,,en", "before 1900"),
        (",1990-02-01,Lund,,,,en", "Record number"),
        ("A-3,1990-02-01,Lund,,nobody,,en", "E-mail"),
        ("A-3,1990-02-01,Lund,,,,xx", "Language"),
        ("A-3,1990-02-01", "It has 2 values"),
        ("a-1,1990-02-01,Lund,,,,en", "on line 2 too"),
    ],
)
def test_refused_line_is_named_with_its_reason(cast: Cast, line, reason):
    page = upload(signed_in(cast.fred), f"{GOOD}{line}\n").content.decode()
    assert "1 cannot be used" in page
    assert '<th scope="row">4</th>' in page
    assert reason in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("record_number,family_name\nA,B\n", "no column birth_date"),
        ("", "file is empty"),
        ("\n", "no column record_number"),
        (b"\x00\x01\x02", "not a text file"),
        (GOOD.encode() + b"\x81\x8d", "letters of this file cannot be read"),
        (f'{HEAD}\nA-1,"1990', "Line 2 cannot be read"),
        (f"{HEAD},phone\n", "the column phone twice"),
        (f"{HEAD}\n", "no patient follows"),
        (GOOD + "x" * 500_000, "larger than 500 kB"),
        (GOOD + "x" * 3_000_000, "at most 500 kB"),
        (f"{GOOD}{chr(10) * 5000}", "More than 5000 lines"),
    ],
)
def test_file_that_cannot_be_read_says_why(cast: Cast, content, sentence):
    response = upload(signed_in(cast.fred), content)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_number_that_is_known_is_left_out_and_said(cast: Cast):
    make_patient(cast.clinic, number="A-1")
    page = upload(signed_in(cast.fred), GOOD).content.decode()
    assert "Record number A-1 is registered already." in page
    assert "1 line will be registered" in page


def test_likely_same_person_is_registered_only_if_ticked(cast: Cast):
    make_patient(
        cast.clinic, birth_date="1990-02-01", family_name="Ortiz", given_name="Ada"
    )
    make_patient(
        cast.clinic, number="K-1", birth_date="1990-02-01", family_name="OKAFOR"
    )
    client = signed_in(cast.fred)
    page = upload(client, GOOD).content.decode()
    assert "Line 2: Ada Okafor" in page
    # Of two who may be the same, the one of that family name is named.
    assert "record K-1" in page

    confirm(client, GOOD)
    assert Patient.objects.count() == 3
    confirm(client, GOOD, 2)
    assert Patient.objects.count() == 4


def test_a_number_taken_meanwhile_stops_no_other_line(cast: Cast):
    make_patient(cast.clinic, number="A-2")
    rows = [
        Details(record_number=number, birth_date="1990-02-01", family_name="Lund")
        for number in ("A-1", "A-2", "A-3")
    ]
    with CaptureQueriesContext(connection) as few:
        taken = register_many(clinic=cast.clinic, rows=rows, by=cast.fred, at=NOW)
    assert taken == ["A-2"]
    assert Patient.objects.filter(family_name__isnull=False).count() == 3
    fresh = [replace(row, record_number=f"B-{n}") for n, row in enumerate(rows * 20)]
    with CaptureQueriesContext(connection) as many:
        assert not register_many(clinic=cast.clinic, rows=fresh, by=cast.fred, at=NOW)
    # Sixty in fewer queries than three that had to be taken one by one.
    assert len(many) < len(few)
    lines = AuditEvent.objects.filter(kind="PATIENT_IMPORTED")
    assert lines.count() == 62
    assert not verify(f"clinic:{cast.clinic.id}")


def test_same_person_on_two_lines_is_registered_twice_only_if_ticked(cast: Cast):
    client = signed_in(cast.fred)
    text = f"{GOOD}A-3,1990-02-01,OKAFOR,ada,,,\nA-4,1990-02-01,Okafor,Eve,,,\n"
    page = upload(client, text).content.decode()
    assert "3 lines will be registered. 1 may be somebody you know." in page
    assert "Same birth date and name as line 2" in page

    confirm(client, text)
    assert Patient.objects.count() == 3
    confirm(client, text, 4)
    assert Patient.objects.count() == 4


def test_largest_file_can_be_confirmed(cast: Cast):
    """All of its bytes come back, and a tick for each of its lines."""
    blank = (" " * 199 + "\n") * (LARGEST_FILE // 200)
    text = GOOD + blank[len(GOOD) :]
    page = confirm(signed_in(cast.fred), text, *range(MOST_LINES))
    assert "2 patients registered, 0 lines left out." in page.content.decode()


def test_confirmed_text_that_is_no_file_is_refused(cast: Cast):
    page = confirm(signed_in(cast.fred), "nonsense").content.decode()
    assert "no column record_number" in page


@pytest.mark.parametrize("who", ["liv", "charlie"])
def test_import_is_not_for_everyone(cast: Cast, who):
    response = signed_in(getattr(cast, who)).get(reverse("clinicians:import"))
    assert response.status_code == (403 if who == "liv" else 200)


def test_on_a_birth_date_of_a_crowd_only_equal_family_names_are_compared(
    cast: Cast, monkeypatch
):
    for number in range(CROWD + 1):
        make_patient(cast.clinic, number=f"P-{number}", family_name=f"Lund{number}")

    def compare(*_args, **_more):
        raise AssertionError("every line beside every other takes minutes")

    monkeypatch.setattr(importing, "alike", compare)
    rows = [
        Details(record_number="A-1", birth_date="1985-03-14", family_name="LUND7"),
        Details(record_number="A-2", birth_date="1985-03-14", family_name="Lundqvist"),
    ]
    found = likely_duplicates(cast.clinic, rows).same_person
    assert {number: row.family_name for number, row in found.items()} == {
        "A-1": "Lund7"
    }
