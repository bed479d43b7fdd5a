"""A mail server and a webhook's receiver that fail at random and keep what they took."""

import random
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.soak.facts import Delivery

# How often of a hundred times a receiver does what, when it is in a mood.
MOODS = {"refuse": 8, "cut": 4, "mute": 5, "slow": 3}
SLOW = 2.5  # seconds; longer than a lease by the soak's clock
HOST = "127.0.0.1"


@dataclass
class Taken:
    """What both receivers took, in order, and the moods that they were in."""

    seed: int
    calm: bool = False
    deliveries: list[Delivery] = field(default_factory=list)
    refusals: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - a plan, no secret
        self._lock = threading.Lock()

    def mood(self) -> str:
        """How to treat the one who calls now; "" is friendly."""
        with self._lock:
            drawn = self._random.randrange(100)
            if self.calm:
                return ""
            for mood, share in MOODS.items():
                drawn -= share
                if drawn < 0:
                    self.refusals += mood in ("refuse", "cut")
                    return mood
            return ""

    def take(self, delivery: Delivery) -> None:
        with self._lock:
            self.deliveries.append(delivery)


class MailHandler(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to leave one message."""

    taken: Taken
    # Nobody is there: refused for good.
    gone: str

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:
            pass  # the other side was killed in the middle

    def _talk(self) -> None:
        mood = self.taken.mood()
        if mood == "cut":
            return None
        self._say("220 soak")
        to = ""
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith("RCPT"):
                to = line.partition(":")[2].strip("<> ")
                self._say("550 nobody here" if to == self.gone else "250 ok")
            elif word == "DATA":
                if not self._data(to, mood):
                    return None
            elif word == "QUIT":
                return self._say("221 bye")
            else:
                self._say("250 ok")
        return None

    def _data(self, to: str, mood: str) -> bool:
        """Take one message; returns whether to go on talking."""
        self._say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        content = b"".join(line.removeprefix(b".") for line in lines)
        if mood == "refuse":
            self._say("451 later")
            return True
        if mood == "slow":
            time.sleep(SLOW)
        self.taken.take(mail(to, content))
        if mood == "mute":
            return False
        self._say("250 taken")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def mail(to: str, content: bytes) -> Delivery:
    """One message as the judge reads it."""
    message = message_from_bytes(content, policy=policy.default)
    keys = str(message["X-Notice-Keys"] or "")
    return Delivery(
        channel="EMAIL",
        to=to,
        keys=[key.strip() for key in keys.split(",") if key.strip()],
        identity=str(message["Message-ID"] or ""),
        text=f"{message['Subject']}\n{message.get_content()}",
    )


class HookHandler(BaseHTTPRequestHandler):
    """Takes notices by webhook."""

    taken: Taken

    def do_POST(self) -> None:
        mood = self.taken.mood()
        if mood == "cut":
            return None
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if mood == "refuse":
            return self._answer(503)
        if mood == "slow":
            time.sleep(SLOW)
        key = self.headers.get("webhook-id", "")
        self.taken.take(
            Delivery(
                channel="WEBHOOK",
                to=self.path,
                keys=[key] if key else [],
                identity=key,
                text=body.decode(),
            )
        )
        return None if mood == "mute" else self._answer(204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Quiet:
    """A sender killed in the middle is what this is about: no trace of it."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class MailServer(Quiet, socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class HookServer(Quiet, ThreadingHTTPServer):
    pass


@contextmanager
def receiving(seed: int, *, gone: str) -> Iterator[tuple[Taken, int, int]]:
    """Both receivers on loopback; yields what they take, mail port, webhook port."""
    taken = Taken(seed)
    about = {"taken": taken, "gone": gone}
    mails = MailServer((HOST, 0), type("Mail", (MailHandler,), about))
    hooks = HookServer((HOST, 0), type("Hook", (HookHandler,), about))
    for server in (mails, hooks):
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield taken, mails.server_address[1], hooks.server_address[1]
    finally:
        for server in (mails, hooks):
            server.shutdown()
            server.server_close()
