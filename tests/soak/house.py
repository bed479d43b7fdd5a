"""The product's processes for a soak: started, killed without warning, started again."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any, Self

import psycopg
import redis

from tests.soak.clock import Hand
from tests.support.servers import POSTGRES_OPTIONS, Postgres, Redis, ServerDidNotStart
from tools.machine import HOST, answers, free_port
from tools.processes import Child, stop

TOP = Path(__file__).resolve().parents[2]
PATIENCE = 90.0
# What was committed survives a crash of the server; the machine itself stays up.
DURABLE = tuple(o for o in POSTGRES_OPTIONS if not o.startswith("synchronous_commit"))
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "tests.soak.settings",
    "DEBUG": "false",
    "SECRET_KEY": "for-the-soak-only-0123456789-abcdefghijklmnopqrstuvw-!",
    "FIELD_KEYS": "s1:c29hay1rZXktZm9yLWZpZWxkcy0zMi1ieXRlcy1sbmc=",
    "INDEX_KEY": "c29hay1rZXktaW5kZXgtMzItYnl0ZXMtbG9uZy0tLS0=",
    "ALLOWED_HOSTS": HOST,
    "HTTPS": "false",
    "DEFAULT_FROM_EMAIL": "checkin@clinic.example",
    "STATIC_MANIFEST": "false",
    "LANGUAGE_ENABLED": "false",
    "WEBHOOK_LOOPBACK": "true",
}


class SoakPostgres(Postgres):
    options = DURABLE


class CannotSoak(RuntimeError):
    """Says in a sentence what did not start."""


class House:
    """Everything that one soak runs, in a folder that is gone afterwards."""

    def __init__(self, *, mail_port: int, speed: float) -> None:
        # Short, since the path of a socket may have about a hundred characters.
        self.folder = Path(tempfile.mkdtemp(prefix="soak-"))
        self.hand = Hand(self.folder / "clock", speed=speed)
        self.postgres = SoakPostgres(self.folder)
        self.redis = Redis(self.folder)
        self.port = free_port(0)
        self.kills: Counter[str] = Counter()
        self.slowest_start = 0.0  # seconds: how fast this machine is just now
        self.environment = self._environment(mail_port)
        self.children = {name: self._child(name) for name in COMMANDS}
        self._lock = Lock()

    def __enter__(self) -> Self:
        try:
            self.postgres.start()
            self._create_database()
            self.redis.start()
            # They take their time to load, and need no table to do so.
            for name in SLOW_TO_START:
                self.children[name].start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        stop(list(self.children.values()))
        self.redis.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start what is not started yet, and wait for the first page."""
        for name in self.children:
            self.revive(name)
        self.wait_for_web()

    def wait_for_web(self) -> None:
        began = time.monotonic()
        while not answers(self.port):
            if time.monotonic() > began + PATIENCE:
                raise CannotSoak(f"No web server:\n{self.children['web'].last_lines()}")
            time.sleep(0.1)
        self.slowest_start = max(self.slowest_start, time.monotonic() - began)

    def kill(self, name: str) -> None:
        """End one part as a crash would, with all that it started."""
        self.kills[name] += 1
        if name == "postgres":
            self.postgres.kill()
        elif name == "redis":
            self.redis.kill()
        elif name == "redis emptied":
            with redis.Redis(HOST, self.redis.port) as line:
                line.flushall()
        else:
            self.children[name].sweep()

    def revive(self, name: str) -> None:
        """Start one part again, if it is down."""
        if name == "postgres":
            self._again(self.postgres.launch)
        elif name == "redis":
            self._again(self.redis.start)
        elif name in self.children and self.children[name].ended():
            self.children[name].start()

    def look_after(self) -> list[str]:
        """The parts that ended by themselves, which is a fault; they are started."""
        fallen = [name for name, child in self.children.items() if child.ended()]
        for name in fallen:
            self.children[name].start()
        return fallen

    def deadlocks(self) -> list[str]:
        """Two who waited for each other: one of them was refused, who may be a person."""
        lines = self.postgres.log.read_text(errors="replace").splitlines()
        return [line for line in lines if "deadlock detected" in line]

    def run(self, *words: str) -> str:
        """Run a program of the house to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=TOP,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 4,
        )
        if done.returncode:
            raise CannotSoak(f"{' '.join(words)}:\n{done.stderr[-3000:]}")
        return done.stdout

    def ask(self, question: str, given: object) -> int:
        """The one number that a question to the database is about."""
        where = f"host={self.folder} user=postgres dbname=soak"
        with psycopg.connect(where) as line:
            row = line.execute(question.encode(), [given]).fetchone()
        assert row is not None
        return int(row[0])

    def load(self, *words: str) -> Any:
        """What a program of the house printed, read as JSON."""
        return json.loads(self.run(*words))

    def _again(self, launch: Callable[[], None]) -> None:
        """A crashed server's own children may hold its memory for a moment."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return launch()
            except ServerDidNotStart:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)

    def _create_database(self) -> None:
        where = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(where, autocommit=True) as line:
            line.execute("CREATE DATABASE soak")

    def _child(self, name: str) -> Child:
        command = [word.format(port=self.port) for word in COMMANDS[name]]
        log = self.folder / f"{name}.log"
        return Child(name, command, log=log, environment=self.environment)

    def _environment(self, mail_port: int) -> dict[str, str]:
        kept = {n: os.environ[n] for n in ("PATH", "HOME", "LANG") if n in os.environ}
        return {
            **kept,
            **SETTINGS,
            "SOAK_CLOCK": str(self.hand.file),
            "BASE_URL": f"http://{HOST}:{self.port}",
            "DATABASE_URL": f"postgresql://postgres@/soak?host={self.folder}",
            "REDIS_URL": self.redis.url,
            "EMAIL_URL": f"smtp://{HOST}:{mail_port}",
        }


def _python(*words: str) -> list[str]:
    return [sys.executable, *words]


SLOW_TO_START = ("web", "worker")
_WATCH = _python("manage.py", "watch", "--interval", "0.3")
COMMANDS = {
    "web": _python(
        *("-m", "granian", "--interface", "wsgi", "--no-ws", "--host", HOST),
        *("--port", "{port}", "--blocking-threads", "8", "config.wsgi:application"),
    ),
    "watch": _WATCH,
    "watch 2": _WATCH,
    "worker": _python(
        *("-m", "celery", "-A", "config.celery", "worker", "--pool", "solo"),
        *("-l", "WARNING"),
    ),
    "staff": _python("-u", "-m", "tests.soak.staff"),
}
