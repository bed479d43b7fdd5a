"""An encrypted column is sealed at rest, bound to its row, and never searched."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from core.crypto import CannotRead
from core.models import Patient, PatientIdentifier, birth_date_index, identifier_index
from core.models.fields import Sealed
from tests.core.people import make_clinic, make_patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return make_patient(make_clinic(), phone="555 0100")


def stored(patient, column="family_name"):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM core_patient")
        place = [part[0] for part in cursor.description].index(column)
        return [row[place] for row in cursor.fetchall()]


def put(patient, column, value):
    patient.refresh_from_db()
    Patient.objects.filter(pk=patient.pk).update(**{column: Sealed(value)})


def test_column_holds_no_plain_text(patient):
    assert "Example" not in stored(patient)[0]
    assert Patient.objects.get().family_name == "Example"


def test_empty_text_stays_empty(patient):
    assert stored(patient, "email") == [""]
    assert Patient.objects.get().email == ""


def test_saving_unread_text_keeps_it_as_it_was(patient):
    before = stored(patient)
    Patient.objects.get().save()
    assert stored(patient) == before


def test_changed_text_is_sealed_again(patient):
    row = Patient.objects.get()
    row.family_name = "Sample"
    row.save(update_fields=["family_name"])
    assert Patient.objects.get().family_name == "Sample"
    assert "Sample" not in stored(patient)[0]


def test_text_moved_to_another_row_cannot_be_read(patient):
    other = make_patient(patient.clinic, family_name="Other")
    moved = Patient.objects.get(pk=patient.pk).__dict__["family_name"]
    put(other, "family_name", moved.text)
    with pytest.raises(CannotRead):
        _ = Patient.objects.get(pk=other.pk).family_name


def test_text_moved_to_another_column_cannot_be_read(patient):
    row = Patient.objects.get()
    put(row, "given_name", row.__dict__["family_name"].text)
    with pytest.raises(CannotRead):
        _ = Patient.objects.get().given_name


@pytest.mark.parametrize(
    "lookup", ["family_name", "family_name__contains", "email__in"]
)
def test_search_is_refused(patient, lookup):
    with pytest.raises(FieldError, match="encrypted"):
        Patient.objects.filter(**{lookup: "Example"})


def test_update_by_query_is_refused(patient):
    with pytest.raises(FieldError, match="encrypted"):
        Patient.objects.update(family_name="Sample")


def test_bulk_create_seals(patient):
    rows = [
        Patient(
            clinic=patient.clinic,
            family_name=f"Family{n}",
            given_name="A",
            created_at=patient.created_at,
        )
        for n in range(3)
    ]
    Patient.objects.bulk_create(rows)
    assert not any("Family" in text for text in stored(patient))
    names = {row.family_name for row in Patient.objects.all()}
    assert {"Family0", "Family1", "Family2"} <= names


def test_values_do_not_show_the_sealed_text(patient):
    assert repr(Patient.objects.values_list("family_name").get()) == "(<sealed>,)"


def test_birth_date_is_found_by_its_index(patient):
    assert (
        Patient.objects.get(birth_date_index=birth_date_index("1980-02-03")) == patient
    )
    patient.birth_date = "1990-01-01"
    patient.save(update_fields=["birth_date"])
    assert Patient.objects.filter(
        birth_date_index=birth_date_index("1990-01-01")
    ).exists()


def test_record_number_is_found_whatever_its_case(patient):
    PatientIdentifier.objects.create(
        clinic=patient.clinic, patient=patient, system="mrn", value="Ab-12"
    )
    found = PatientIdentifier.objects.get(value_index=identifier_index(" aB-12 "))
    assert (found.value, found.patient) == ("Ab-12", patient)
