"""The wording library, and the database's own part in it: a text stays as it was
signed, moves only as allowed, and is never removed."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from core.models.append_only import append_only_triggers

# As screening.domain.wordings.MOVES stood when this was written; a test compares them.
ALLOWED = (
    "PROPOSED>GATED",
    "GATED>APPROVED",
    "APPROVED>RETIRED",
    "PROPOSED>VETOED",
    "GATED>VETOED",
    "APPROVED>VETOED",
    "RETIRED>VETOED",
)
_PAIRS = ", ".join(f"'{pair}'" for pair in ALLOWED)
# By name: the columns that set it off, when, and what is said.
GUARDS = {
    "screening_wording_moves": (
        "UPDATE OF state",
        "OLD.state <> NEW.state "
        f"AND OLD.state || '>' || NEW.state NOT IN ({_PAIRS})",
        "a wording cannot move so",
    ),
    "screening_wording_stays_as_signed": (
        "UPDATE OF text, checksum, key, clinic_id",
        "OLD.text <> NEW.text OR OLD.checksum <> NEW.checksum "
        "OR OLD.key <> NEW.key OR OLD.clinic_id <> NEW.clinic_id",
        "a wording keeps its words",
    ),
    "screening_wording_never_removed": ("DELETE", "", "a wording is never removed"),
}


def guard(_apps, schema_editor):
    unguard(_apps, schema_editor)
    for name, (event, when, said) in GUARDS.items():
        head = f"CREATE TRIGGER {name} BEFORE {event} ON screening_wording FOR EACH ROW"
        when = f"WHEN ({when})" if when else ""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"""
                CREATE OR REPLACE FUNCTION {name}_refuse() RETURNS trigger AS $$
                BEGIN
                    RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation';
                END;
                $$ LANGUAGE plpgsql
                """,
                params=None,
            )
            body = f"EXECUTE FUNCTION {name}_refuse()"
        else:
            body = f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        schema_editor.execute(f"{head} {when} {body}", params=None)


def unguard(_apps, schema_editor):
    on_table = ""
    if schema_editor.connection.vendor == "postgresql":
        on_table = " ON screening_wording"
    for name in GUARDS:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_review_grows'),
        ('screening', '0003_review_grows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=120)),
                ('concept', models.CharField(max_length=60)),
                ('language', models.CharField(max_length=10)),
                ('level', models.CharField(blank=True, choices=[('plain', 'Plain'), ('easy', 'Easy')], max_length=10)),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('checksum', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('PROPOSED', 'Proposed, did not pass the checks'), ('GATED', 'Passed the checks, waits for signatures'), ('APPROVED', 'Approved'), ('RETIRED', 'Retired'), ('VETOED', 'Vetoed')], default='PROPOSED', max_length=10)),
                ('origin', models.CharField(choices=[('SHIPPED', 'Written by the project'), ('GENERATED', 'Proposed by a language model'), ('WRITTEN', 'Written here'), ('IMPORTED', 'Imported from a file')], max_length=10)),
                ('model', models.CharField(blank=True, max_length=100)),
                ('prompt_id', models.CharField(blank=True, max_length=60)),
                ('prompt_hash', models.CharField(blank=True, max_length=64)),
                ('verdicts', models.JSONField(default=list)),
                ('gate_stamp', models.CharField(blank=True, max_length=128)),
                ('proposed_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.clinic')),
                ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='screening.wording')),
            ],
            options={
                'ordering': ['key', 'version'],
            },
        ),
        migrations.CreateModel(
            name='WordingEvent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('PROPOSED', 'Proposed'), ('GATED', 'Passed the checks'), ('NOT_GATED', 'Did not pass the checks'), ('SIGNED', 'Signed'), ('APPROVED', 'Approved: both have signed'), ('RETIRED', 'Retired'), ('VETOED', 'Vetoed')], max_length=10)),
                ('reason', models.TextField(blank=True)),
                ('detail', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='screening.wording')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='WordingRun',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('instrument_id', models.CharField(max_length=40)),
                ('language', models.CharField(max_length=10)),
                ('levels', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.clinic')),
            ],
            options={
                'ordering': ['-at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='WordingWork',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('link_id', models.CharField(max_length=40)),
                ('concept', models.CharField(max_length=60)),
                ('level', models.CharField(choices=[('plain', 'Plain'), ('easy', 'Easy')], max_length=10)),
                ('position', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('DUE', 'Waiting'), ('GATED', 'Proposed, passed the checks'), ('NOT_GATED', 'Proposed, did not pass the checks'), ('KNOWN', 'Nothing new: the text is here already or was vetoed'), ('FAILED', 'Failed')], default='DUE', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work', to='screening.wordingrun')),
                ('wording', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='screening.wording')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.AddIndex(
            model_name='wording',
            index=models.Index(fields=['clinic', 'concept', 'language'], name='wording_by_concept'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('clinic', 'key', 'checksum'), name='wording_text_once'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('clinic', 'key', 'version'), name='wording_version_once'),
        ),
        migrations.AddIndex(
            model_name='wordingwork',
            index=models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='wording_work_due'),
        ),
        migrations.AddConstraint(
            model_name='wordingwork',
            constraint=models.UniqueConstraint(fields=('run', 'concept', 'level'), name='wording_work_once'),
        ),
        append_only_triggers("screening_wordingevent"),
        migrations.RunPython(guard, unguard),
    ]
