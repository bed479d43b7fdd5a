"""Tables whose rows are never changed or removed: the database itself refuses."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

_PREFIX = "append_only_"
_REFUSAL = "is append-only"

_POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION core_refuse_edit() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '% {_REFUSAL}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END;
$$ LANGUAGE plpgsql
"""


def install(cursor: CursorWrapper, vendor: str, table: str) -> None:
    """Puts the triggers on; harmless when they are there already."""
    remove(cursor, vendor, table)
    if vendor == "postgresql":
        cursor.execute(_POSTGRES_FUNCTION)
    for statement in _create(vendor, table):
        cursor.execute(statement)


def remove(cursor: CursorWrapper, vendor: str, table: str) -> None:
    on_table = f' ON "{table}"' if vendor == "postgresql" else ""
    for event in ("update", "delete", "truncate"):
        cursor.execute(f'DROP TRIGGER IF EXISTS "{_name(table, event)}"{on_table}')


def protected(cursor: CursorWrapper, vendor: str) -> set[str]:
    """The tables that refuse edits now, as the database tells it."""
    if vendor == "postgresql":
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgenabled <> 'D'"
        )
    else:
        cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type='trigger'")
    found: dict[str, set[str]] = {}
    for table, trigger in cursor.fetchall():
        found.setdefault(table.strip('"'), set()).add(trigger)
    return {
        table
        for table, names in found.items()
        if {_name(table, "update"), _name(table, "delete")} <= names
    }


class AppendOnlyTriggers(migrations.RunPython):
    """Puts the triggers on; says of which table, so that a check can look for them."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(self._forwards, self._backwards)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.table], {}

    def _forwards(self, _apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        connection = schema_editor.connection
        with connection.cursor() as cursor:
            install(cursor, connection.vendor, self.table)

    def _backwards(self, _apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        connection = schema_editor.connection
        with connection.cursor() as cursor:
            remove(cursor, connection.vendor, self.table)


def append_only_triggers(table: str) -> AppendOnlyTriggers:
    """The migration operation; repeat it after a migration that rebuilds the table."""
    return AppendOnlyTriggers(table)


def declared(loader: MigrationLoader) -> set[str]:
    """The tables that the migrations on disk declare append-only."""
    return {
        operation.table
        for migration in loader.disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, AppendOnlyTriggers)
    }


def _name(table: str, event: str) -> str:
    return f"{_PREFIX}{event}_{table}"


def _create(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        row, statement = "FOR EACH ROW", "FOR EACH STATEMENT"
        kinds = [("update", row), ("delete", row), ("truncate", statement)]
        return [
            f'CREATE TRIGGER "{_name(table, event)}" BEFORE {event.upper()} '
            f'ON "{table}" {scope} EXECUTE FUNCTION core_refuse_edit()'
            for event, scope in kinds
        ]
    return [
        f'CREATE TRIGGER "{_name(table, event)}" BEFORE {event.upper()} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{table} {_REFUSAL}'); END"
        for event in ("update", "delete")
    ]
