"""Counts what the database was asked, in this very process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@contextmanager
def queries() -> Iterator[list[str]]:
    """Collect statements other than those that begin or end a transaction."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(AROUND):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def commits_of(work: Callable[[], None]) -> int:
    """Return how many commits the database itself counted while `work` ran."""
    if connection.vendor == "sqlite":
        return _sqlite_commits(work)
    before = _postgres_commits()
    work()
    return _postgres_commits() - before


def _sqlite_commits(work: Callable[[], None]) -> int:
    seen: list[str] = []
    connection.ensure_connection()
    connection.connection.set_trace_callback(seen.append)
    work()
    connection.connection.set_trace_callback(None)
    return sum(statement.startswith("COMMIT") for statement in seen)


def _postgres_commits() -> int:
    with connection.cursor() as cursor:
        # What this connection did is counted only once it has told of it.
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT xact_commit FROM pg_stat_database WHERE datname = %s",
            [connection.settings_dict["NAME"]],
        )
        return int(cursor.fetchone()[0])
