"""A database and a web server of our own, for as long as a measurement takes."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psycopg

from tests.support.servers import Postgres
from tools.machine import HOST, answers, free_port
from tools.processes import Child, stop

TOP = Path(__file__).resolve().parent.parent
LONGEST = 1800.0  # seconds for one command
PATIENCE = 60.0  # seconds for the first page
THREADS = 2
# As in earnest: what is committed survives a power cut. No vacuum in between.
DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "autovacuum=off")
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "bench.site.settings",
    "DEBUG": "false",
    "SECRET_KEY": "for-bench-only-0123456789-abcdefghijklmnopqrstuvwxyz-!",
    "FIELD_KEYS": "b1:YmVuY2gta2V5LWZvci1maWVsZHMtMzItYnl0ZXMtbG4=",
    "INDEX_KEY": "YmVuY2gta2V5LWluZGV4LTMyLWJ5dGVzLWxvbmctLS0=",
    "ALLOWED_HOSTS": HOST,
    "HTTPS": "false",
    "EMAIL_URL": "console:",
    "DEFAULT_FROM_EMAIL": "clinic@example.org",
    "STATIC_MANIFEST": "false",
    "LANGUAGE_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
}
KINDS = ("SQLite", "PostgreSQL")


class DurablePostgres(Postgres):
    """The tests' PostgreSQL, but writing as a clinic's would."""

    def start(self) -> None:
        super().start()
        where = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(where, autocommit=True) as line:
            line.execute("CREATE DATABASE suite")

    def spawn(self, command: list[str], **identity: object) -> None:  # type: ignore[override]
        options = [word for option in DURABLE for word in ("-c", option)]
        super().spawn([*command, *options], **identity)


class CommandFailed(RuntimeError):
    """A command of manage.py ended badly; says how."""


class Place:
    """One migrated database in a folder of its own, gone when we are done."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self.postgres = DurablePostgres(self.folder) if kind == "PostgreSQL" else None
        self.environment = self._environment()

    def __enter__(self) -> Self:
        try:
            if self.postgres:
                self.postgres.start()
            self.manage("migrate", "--run-syncdb", "--verbosity", "0")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.postgres:
            self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def database_pids(self) -> list[int]:
        """The database's processes; SQLite has none of its own."""
        if self.postgres and self.postgres.process:
            return [self.postgres.process.pid]
        return []

    def manage(self, *words: str) -> str:
        """Run a command of manage.py and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=TOP,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )
        if done.returncode:
            raise CommandFailed(f"manage.py {words[0]}:\n{done.stderr[-2000:]}")
        return done.stdout

    @contextmanager
    def web(self) -> Iterator[tuple[int, int]]:
        """Run the web server; yields its port and its process number."""
        port = free_port(0)
        served = {**self.environment, "BASE_URL": f"http://{HOST}:{port}"}
        log = self.folder / "web.log"
        child = Child("web", _granian(port), log=log, environment=served)
        child.start()
        try:
            self._wait(child, port)
            assert child.process is not None
            yield port, child.process.pid
        finally:
            stop([child])

    def _wait(self, child: Child, port: int) -> None:
        until = time.monotonic() + PATIENCE
        while not answers(port):
            if child.ended() or time.monotonic() > until:
                raise CommandFailed(f"The web server is silent:\n{child.last_lines()}")
            time.sleep(0.1)

    def _environment(self) -> dict[str, str]:
        sqlite = f"sqlite:///{self.folder / 'bench.sqlite3'}"
        kept = {
            name: os.environ[name]
            for name in ("PATH", "HOME", "LANG")
            if name in os.environ
        }
        return {
            **kept,
            **SETTINGS,
            "BASE_URL": f"http://{HOST}",
            "DATABASE_URL": self.postgres.url if self.postgres else sqlite,
        }


def _granian(port: int) -> list[str]:
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    address = ["--host", HOST, "--port", str(port)]
    threads = ["--workers", "1", "--blocking-threads", str(THREADS)]
    return [*granian, *address, *threads, "config.wsgi:application"]
