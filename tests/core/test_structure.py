"""What must hold for every model of the house, also for the next one."""

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, connection, models, transaction

from core.models import append_only

OURS = ("core", "screening", "clinicians", "records")
# What changes by its nature. Everything else refuses edits in the database itself.
MUTABLE = {
    "core.auditchain",
    "core.clinic",
    "core.emergencyaccess",
    "core.patient",
    "core.patientidentifier",
    "core.patientname",
    "core.systemheartbeat",
    "core.user",
    "screening.administration",
    "screening.episode",
    "screening.invitation",
    "screening.score",
    "screening.screening",
    "screening.turn",
    "screening.wording",
    "screening.wordingreport",
    "screening.wordingrun",
    "screening.wordingwork",
    "clinicians.absence",
    "clinicians.bulkact",
    "clinicians.notice",
    "clinicians.patientmail",
    "clinicians.patientmerge",
    "clinicians.schedule",
    "clinicians.treatmentevent",
    "records.apiclient",
    "records.apitoken",
    "records.delivery",
    "records.notification",
    "records.subscription",
    "records.destination",
    "records.export",
    "records.exportfile",
    "records.draftquestionnaire",
    "records.usedassertion",
}
# A heartbeat, a chain's end and a clinic's row are found by other means.
WITHOUT_UUID = {"core.auditchain", "core.systemheartbeat"}


def our_models():
    return [m for m in apps.get_models() if m._meta.app_label in OURS]


def protected():
    with connection.cursor() as cursor:
        return append_only.protected(cursor, connection.vendor)


@pytest.mark.django_db
def test_every_model_is_declared_mutable_or_refuses_edits():
    refusing = protected()
    undecided = [
        model._meta.label_lower
        for model in our_models()
        if (model._meta.label_lower in MUTABLE) == (model._meta.db_table in refusing)
    ]
    assert undecided == []


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label_lower)
def test_public_ids_are_uuids_made_before_the_insert(model):
    if model._meta.label_lower in WITHOUT_UUID:
        return
    key = model._meta.pk
    if isinstance(key, models.OneToOneField):
        key = key.target_field
    assert isinstance(key, models.UUIDField)
    assert callable(key.default)


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label_lower)
def test_times_are_called_at_and_people_by(model):
    for field in model._meta.fields:
        if isinstance(field, models.DateTimeField) and field.name != "last_login":
            assert field.name == "at" or field.name.endswith("_at"), field
            assert not field.auto_now, field
            assert not field.auto_now_add, field


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label_lower)
def test_created_by_stands_beside_created_at(model):
    try:
        model._meta.get_field("created_by_id")
    except FieldDoesNotExist:
        return
    assert model._meta.get_field("created_at")


@pytest.mark.django_db
def test_truncate_is_refused_on_postgresql():
    if connection.vendor != "postgresql":
        return  # SQLite has no such statement
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE core_auditevent")
