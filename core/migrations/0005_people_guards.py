"""Fills the index of names, and has the database keep merging one step deep."""

from django.db import migrations, transaction

from core import crypto, names
from core.models.patient import NAMES_INDEXED, NAMES_UNREADABLE, name_index

BATCH = 500
TRIGGER = "core_patient_merged_one_step"
SAID = "a record is merged into one of its clinic that stays"
_BAD = """NEW.merged_into_id IS NOT NULL AND (
    NEW.merged_into_id = NEW.id
    OR EXISTS (SELECT 1 FROM core_patient p WHERE p.merged_into_id = NEW.id)
    OR EXISTS (
        SELECT 1 FROM core_patient p WHERE p.id = NEW.merged_into_id
        AND (p.merged_into_id IS NOT NULL OR p.clinic_id <> NEW.clinic_id)
    )
)"""


def index_names(apps, _schema_editor):
    """What the running loop does too, for rows that old code writes meanwhile."""
    patients = apps.get_model("core", "Patient")
    parts_of = apps.get_model("core", "PatientName")
    # In no order: to sort all that wait for every batch would cost more than the work.
    waiting = patients.objects.filter(names_indexed=0).order_by()
    while rows := list(waiting[:BATCH]):
        parts, read, unreadable = [], [], []
        for row in rows:
            try:
                found = names.words(f"{row.given_name} {row.family_name}")
            except crypto.CannotRead:
                unreadable.append(row.id)
                continue
            read.append(row.id)
            for part in {part for word in found for part in names.beginnings(word)}:
                value = name_index(row.clinic_id, part)
                parts.append(
                    parts_of(
                        clinic_id=row.clinic_id, patient_id=row.id, value_index=value
                    )
                )
        with transaction.atomic():
            parts_of.objects.bulk_create(parts, ignore_conflicts=True)
            for ids, state in ((read, NAMES_INDEXED), (unreadable, NAMES_UNREADABLE)):
                patients.objects.filter(id__in=ids).update(names_indexed=state)


def guard(apps, schema_editor):
    unguard(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"""
            CREATE OR REPLACE FUNCTION {TRIGGER}_refuse() RETURNS trigger AS $$
            BEGIN
                IF {_BAD} THEN
                    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END;
            $$ LANGUAGE plpgsql
            """,
            params=None,
        )
        when, body = "", f"EXECUTE FUNCTION {TRIGGER}_refuse()"
    else:
        when, body = f"WHEN {_BAD}", f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    schema_editor.execute(
        f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE OF merged_into_id ON core_patient "
        f"FOR EACH ROW {when} {body}",
        params=None,
    )


def unguard(_apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    on_table = " ON core_patient" if postgresql else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {TRIGGER}{on_table}")


class Migration(migrations.Migration):
    dependencies = [("core", "0004_people")]
    # A clinic's patients take minutes: batch by batch, no row is locked meanwhile for
    # the code that still runs, and one that was broken off goes on where it ended.
    atomic = False

    operations = [
        migrations.RunPython(index_names, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard, atomic=True),
    ]
