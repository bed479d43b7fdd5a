"""Lets the tests empty append-only tables between themselves; nothing else may."""

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations


def let_tests_empty_tables(connection: BaseDatabaseWrapper) -> None:
    """A test in a browser commits, so its rows are removed by hand afterwards.

    Done to the class: beside a running event loop Django makes a connection anew.
    """
    operations = type(connection.ops)
    execute = operations.execute_sql_flush

    def execute_sql_flush(
        self: BaseDatabaseOperations, sql_list: Iterable[str]
    ) -> None:
        here = self.connection
        execute(self, [*_before(here), *sql_list, *_after(here)])

    operations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign]


def _before(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "postgresql":
        # Only a superuser may; ends with the transaction.
        return ["SET LOCAL session_replication_role = replica"]
    return [f'DROP TRIGGER "{name}"' for name, _ in _triggers(connection)]


def _after(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "postgresql":
        return []
    return [sql for _, sql in _triggers(connection)]


def _triggers(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return [(name, sql) for name, sql in cursor.fetchall()]
