"""The log refuses edits from its first row on; the cache keeps sign-in limits."""

from django.core.management import call_command
from django.db import migrations

from core.models.append_only import append_only_triggers

CACHE = "core_cache"


def create_cache(apps, schema_editor):
    call_command(
        "createcachetable", CACHE, database=schema_editor.connection.alias, verbosity=0
    )


def drop_cache(apps, schema_editor):
    schema_editor.execute(f'DROP TABLE IF EXISTS "{CACHE}"')


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        append_only_triggers("core_auditevent"),
        append_only_triggers("core_audithead"),
        migrations.RunPython(create_cache, drop_cache),
    ]
