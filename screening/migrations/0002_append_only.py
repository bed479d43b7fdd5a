"""History is history: the database refuses to edit or remove these rows."""

from django.db import migrations

from core.models.append_only import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_initial")]

    operations = [
        append_only_triggers("screening_definition"),
        append_only_triggers("screening_answer"),
        append_only_triggers("screening_flag"),
        append_only_triggers("screening_modelcall"),
        append_only_triggers("screening_wordingsignoff"),
    ]
