"""Takes over, from the audit log, when each record number was last put right.

Nothing that is newer is overwritten: processes of either version may run meanwhile.
"""

from django.db import migrations
from django.db.models import Q

# As the log and the numbers called them when this was written.
KIND, FIELD, SYSTEM = "PATIENT_CORRECTED", "record number", "record-number"
AT_ONCE = 1_000


def take_over(apps, schema_editor):
    lines = apps.get_model("core", "AuditEvent").objects.filter(
        kind=KIND, object_type="patient"
    )
    numbers = apps.get_model("core", "PatientIdentifier").objects
    found = lines.order_by("at").values_list("object_id", "at", "detail")
    for patient, at, detail in found.iterator(chunk_size=AT_ONCE):
        if FIELD in str(detail.get("fields", "")).split(", "):
            older = Q(corrected_at=None) | Q(corrected_at__lt=at)
            mine = numbers.filter(older, patient=patient, system=SYSTEM)
            mine.update(corrected_at=at)


class Migration(migrations.Migration):
    dependencies = [("core", "0008_retract")]

    operations = [
        migrations.RunPython(take_over, migrations.RunPython.noop, elidable=True),
    ]
