"""Names as a search compares them, and the keyed index that finds them."""

from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from clinicians.actions.names import index_names_waiting
from core.models import Patient, PatientName, name_index
from core.models.patient import NAMES_INDEXED, NAMES_UNREADABLE
from core.names import SHORTEST_BEGINNING, beginnings, words
from tests.cast import NOW, make_clinic

LETTERS = st.text(st.sampled_from("abcdeéíóúñüçøßGARCÍA"), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("García", ("garcia",)),
        ("GARCI\u0301A", ("garcia",)),
        ("García-Núñez", ("garcia", "nunez")),
        ("O'Brien", ("obrien",)),
        ("O’Brien", ("obrien",)),
        ("D´Angelo", ("dangelo",)),
        ("Straße", ("strasse",)),
        ("Søren Łukasz", ("soren", "lukasz")),
        ("Ana  ana", ("ana",)),
        ("Ng", ("ng",)),
        ("李 明", ("李", "明")),
        ("  ", ()),
        ("Lopez, Jr.", ("lopez", "jr")),
    ],
)
def test_names_are_compared_without_accents_case_and_marks(text, expected):
    assert words(text) == expected


@given(LETTERS, st.integers(SHORTEST_BEGINNING, 12))
def test_each_beginning_of_three_letters_is_found_however_it_is_typed(name, length):
    for word in words(name):
        kept = set(beginnings(word))
        assert words(word) == (word,)
        assert word in kept
        if length <= len(word):
            assert words(word[:length].upper())[0] in kept
        assert not {part for part in kept if len(part) < SHORTEST_BEGINNING} - {word}


def make(**fields) -> Patient:
    given = {"family_name": "García Núñez", "given_name": "Ana", **fields}
    return Patient.objects.create(clinic=make_clinic(), created_at=NOW, **given)


def finds(patient: Patient, word: str) -> bool:
    value = name_index(patient.clinic_id, word)
    return PatientName.objects.filter(patient=patient, value_index=value).exists()


@pytest.mark.django_db
def test_every_write_keeps_the_index():
    patient = make()
    assert finds(patient, "garcia")
    assert finds(patient, "nun")
    assert not finds(patient, "ga")

    patient.family_name = "Ortiz"
    patient.save(update_fields=["family_name"])
    assert finds(patient, "ortiz")
    assert not finds(patient, "garcia")

    patient.language = "es-US"
    patient.save(update_fields=["language"])
    assert finds(patient, "ana")


@pytest.mark.django_db
def test_one_name_in_two_clinics_has_two_indexes():
    one, other = make(), make()
    assert finds(one, "ana")
    assert name_index(one.clinic_id, "ana") != name_index(other.clinic_id, "ana")


@pytest.mark.django_db
def test_rows_of_code_that_knows_no_index_are_caught_up_with():
    row = Patient(
        clinic=make_clinic(), family_name="Ruiz", given_name="Eva", created_at=NOW
    )
    Patient.objects.bulk_create([row])
    assert not finds(row, "ruiz")
    assert index_names_waiting() is False
    row.refresh_from_db()
    assert finds(row, "ruiz")
    assert row.names_indexed == NAMES_INDEXED


@pytest.mark.django_db
def test_a_name_corrected_meanwhile_is_the_one_that_is_found():
    patient = make()
    read_before = Patient.objects.get(id=patient.id)
    patient.family_name = "Ortiz"
    patient.save()
    read_before.index_names()
    assert finds(patient, "ortiz")
    assert not finds(patient, "garcia")


@pytest.mark.django_db
def test_a_name_that_cannot_be_read_stops_nothing_and_is_not_tried_for_ever():
    broken, whole = make(), make()
    broken_copy = Patient.objects.filter(id=broken.id)
    broken_copy.update(names_indexed=0)
    # Sealed for another row: damaged, as far as this one is concerned.
    sealed = Patient.objects.get(id=whole.id).__dict__["family_name"]
    broken_copy.update(family_name=sealed)
    index_names_waiting()
    assert broken_copy.get().names_indexed == NAMES_UNREADABLE
    assert finds(broken, "garcia")
    with pytest.raises(CommandError, match="1 names cannot be read"):
        call_command("index_names")

    broken.save(update_fields=["given_name", "family_name"])
    out = StringIO()
    call_command("index_names", "--all", stdout=out)
    assert out.getvalue() == "2 patients can be found by name.\n"


@pytest.mark.django_db
def test_the_migration_indexes_whoever_is_there_batch_by_batch(monkeypatch):
    patients = [make(), make(), make()]
    PatientName.objects.all().delete()
    Patient.objects.update(names_indexed=0)
    migration = import_module("core.migrations.0005_people_guards")
    # Each batch is a transaction of its own: the code that still runs waits for none.
    assert not migration.Migration.atomic
    monkeypatch.setattr(migration, "BATCH", 2)
    migration.index_names(apps, None)
    assert all(finds(patient, "garcia") for patient in patients)
    assert not Patient.objects.filter(names_indexed=0).exists()
