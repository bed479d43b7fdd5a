"""The database's own part: events stay as they are, and a case moves only as allowed."""

from django.db import migrations

from core.models.append_only import append_only_triggers

# As clinicians.workflow.MOVES stood when this was written; a test compares them.
ALLOWED = (
    "OPEN>ACKNOWLEDGED",
    "ACKNOWLEDGED>IN_PROGRESS",
    "ACKNOWLEDGED>OPEN",
    "IN_PROGRESS>OPEN",
    "ACKNOWLEDGED>CLOSED",
    "IN_PROGRESS>CLOSED",
    "CLOSED>OPEN",
)
_PAIRS = ", ".join(f"'{pair}'" for pair in ALLOWED)
_WHEN = (
    "OLD.status <> NEW.status "
    f"AND OLD.status || '>' || NEW.status NOT IN ({_PAIRS})"
)
_POSTGRES = [
    """
    CREATE OR REPLACE FUNCTION clinicians_refuse_move() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION 'a case cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END;
    $$ LANGUAGE plpgsql
    """,
    f"""
    CREATE TRIGGER clinicians_case_moves BEFORE UPDATE OF status
    ON screening_episode FOR EACH ROW WHEN ({_WHEN})
    EXECUTE FUNCTION clinicians_refuse_move()
    """,
]
_SQLITE = [
    f"""
    CREATE TRIGGER clinicians_case_moves BEFORE UPDATE OF status
    ON screening_episode FOR EACH ROW WHEN {_WHEN}
    BEGIN SELECT RAISE(ABORT, 'a case cannot move so'); END
    """
]


def guard(_apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in _POSTGRES if vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement, params=None)


def unguard(_apps, schema_editor):
    on_table = ""
    if schema_editor.connection.vendor == "postgresql":
        on_table = " ON screening_episode"
    schema_editor.execute(f"DROP TRIGGER IF EXISTS clinicians_case_moves{on_table}")


class Migration(migrations.Migration):
    dependencies = [
        ("clinicians", "0001_initial"),
        ("screening", "0002_append_only"),
    ]

    operations = [
        append_only_triggers("clinicians_reviewevent"),
        migrations.RunPython(guard, unguard),
    ]
