"""The database's own part, grown: closing by two, no tier lowered, no case removed."""

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
    "ACKNOWLEDGED>TO_CONFIRM",
    "IN_PROGRESS>TO_CONFIRM",
    "TO_CONFIRM>CLOSED",
    "TO_CONFIRM>IN_PROGRESS",
    "TO_CONFIRM>OPEN",
    "CLOSED>OPEN",
)
_PAIRS = ", ".join(f"'{pair}'" for pair in ALLOWED)
# By name: the columns that set it off, when, and what is said.
GUARDS = {
    "clinicians_case_moves": (
        "UPDATE OF status",
        "OLD.status <> NEW.status "
        f"AND OLD.status || '>' || NEW.status NOT IN ({_PAIRS})",
        "a case cannot move so",
    ),
    "clinicians_case_never_lowered": (
        "UPDATE OF tier_rank",
        "NEW.tier_rank > OLD.tier_rank",
        "the tier of a case is never lowered",
    ),
    "clinicians_case_stays_with_its_patient": (
        "UPDATE OF patient_id",
        "NEW.patient_id <> OLD.patient_id",
        "a case stays with its patient",
    ),
    "clinicians_case_never_removed": ("DELETE", "", "a case is never removed"),
}


def guard(_apps, schema_editor):
    # SQLite loses a table's triggers whenever it rebuilds the table.
    unguard(_apps, schema_editor)
    for name, (event, when, said) in GUARDS.items():
        head = f"CREATE TRIGGER {name} BEFORE {event} ON screening_episode FOR EACH ROW"
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
        on_table = " ON screening_episode"
    for name in GUARDS:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


class Migration(migrations.Migration):
    dependencies = [
        ("clinicians", "0003_review_grows"),
        ("screening", "0003_review_grows"),
    ]

    operations = [
        append_only_triggers("clinicians_reviewevent"),
        migrations.RunPython(guard, unguard),
    ]
