"""The one door for webhooks: where they may go, how they are signed, and the sending.

Plain http.client on purpose: it follows no redirect, obeys no proxy variable, and
speaks over the very connection that was made to the address that was looked at.
"""

import base64
import hashlib
import hmac
import ipaddress
import secrets
import socket
import ssl
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from itertools import groupby
from threading import Thread, Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

# All that one receiver gets for everything it is owed in a round.
DEADLINE = 5.0
# Refusals that say "not now": they are no refusals for good.
LATER = (
    *(HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED),
    *(HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS),
)
PREFIX = "whsec_"
LONGEST = 500
# Addresses that only wrap another one, which may be a private one.
_WRAPPED = [
    ipaddress.ip_network(net)
    for net in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
        *("::/96", "::ffff:0:0:0/96"),
    )
]
# A network's own addresses of the old kind, which Python counts as public.
_SITE = ipaddress.ip_network("fec0::/10")


class AddressRefused(ValueError):
    """A webhook may not go there; the sentence says why."""


class WebhookFailed(Exception):
    """`permanent` means that trying again will not help."""

    def __init__(self, sentence: str, *, permanent: bool = False) -> None:
        super().__init__(sentence)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Message:
    """What one receiver is to get; `id` stays the same however often it is sent."""

    url: str
    id: str
    body: bytes
    secrets: Sequence[str] = field(repr=False)


def new_secret() -> str:
    """A secret as Standard Webhooks writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(message: Message, *, at: int) -> str:
    """The webhook-signature header: one signature for each secret that holds."""
    signed = f"{message.id}.{at}.".encode() + message.body
    return " ".join(f"v1,{_hmac(secret, signed)}" for secret in message.secrets)


def _hmac(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def check_address(url: str, *, private: Collection[str] = ()) -> SplitResult:
    """Return its parts, or raise AddressRefused. Names are looked up when sending.

    `private`: hosts of one's own network that whoever runs this machine allows.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise AddressRefused("This is no address on the network.") from error
    host = parts.hostname or ""
    # Python drops line ends from an address, and what is looked at is not what is kept.
    plain = url.isascii() and url.isprintable() and " " not in url
    if not host or len(url) > LONGEST or not plain or parts.fragment:
        raise AddressRefused("This is no address on the network.")
    if parts.username or parts.password:
        raise AddressRefused("Leave name and password out: notices are signed instead.")
    if _this_machine(host):
        return parts
    if parts.scheme != "https":
        raise AddressRefused("The address begins with https://.")
    if host not in private:
        _check_host(host)
    return parts


def _check_host(host: str) -> None:
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        if "." not in host.strip("."):
            raise AddressRefused("Give the receiver's whole public name.") from None
    else:
        _check_public(literal)


def _this_machine(host: str) -> bool:
    """Demonstrations and tests may send to a receiver beside them; nobody else."""
    return settings.WEBHOOK_LOOPBACK and host in ("127.0.0.1", "localhost")


def _check_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    wrapped = any(address in net for net in _WRAPPED)
    if wrapped or address in _SITE or address.is_multicast or not address.is_global:
        raise AddressRefused("Sent to a public address only.")


def send_all(
    messages: Sequence[Message], *, at: datetime, deadline: float = DEADLINE
) -> dict[str, WebhookFailed | None]:
    """Send to every receiver side by side; by message id, why it failed or None.

    One receiver's time is no other's: each has a thread and the deadline. What a
    thread has not said by then counts as failed, and is sent again later.
    """
    late = WebhookFailed("The receiver did not answer in time.")
    said: dict[str, WebhookFailed | None] = {}
    ends = time.monotonic() + deadline

    def by_url(message: Message) -> str:
        return message.url

    threads = []
    for _, group in groupby(sorted(messages, key=by_url), key=by_url):
        work = (list(group), at, ends, said)
        threads.append(Thread(target=_send_in_turn, args=work, daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join(max(ends - time.monotonic(), 0))
    known = dict(said)
    return {message.id: known.get(message.id, late) for message in messages}


def _send_in_turn(
    group: Sequence[Message],
    at: datetime,
    ends: float,
    said: dict[str, WebhookFailed | None],
) -> None:
    """A receiver that fails once is not asked again in this round."""
    failed: WebhookFailed | None = None
    for message in group:
        if failed is None or failed.permanent:
            failed = _outcome(message, at=at, ends=ends)
        said[message.id] = failed


def _outcome(message: Message, *, at: datetime, ends: float) -> WebhookFailed | None:
    try:
        status = _post(message, at=int(at.timestamp()), ends=ends)
    except AddressRefused as error:
        return WebhookFailed(str(error), permanent=True)
    except ssl.SSLCertVerificationError:
        return WebhookFailed("The receiver's certificate is not trusted.")
    except (OSError, HTTPException, ValueError):
        return WebhookFailed("The receiver was not reached.")
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if status < HTTPStatus.BAD_REQUEST:
        return WebhookFailed(
            f"The receiver answered {status}; no redirect is followed."
        )
    refused = status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in LATER
    return WebhookFailed(f"The receiver answered {status}.", permanent=refused)


def _post(message: Message, *, at: int, ends: float) -> int:
    """Say it once, and return the status of the answer."""
    parts = check_address(message.url)
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": "check-in-webhook/1",
        "webhook-id": message.id,
        "webhook-timestamp": str(at),
        "webhook-signature": sign(message, at=at),
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with connection(parts, ends=ends) as line:
        line.request("POST", path, message.body, headers)
        return line.getresponse().status


@contextmanager
def connection(
    parts: SplitResult, *, ends: float, private: Collection[str] = ()
) -> Iterator[HTTPConnection]:
    """A connection to an address that `check_address` let pass, for one request.

    It ends at `ends` (of time.monotonic), whatever the receiver does.
    """
    with raw_connection(parts, ends=ends, private=private) as line:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with closing(HTTPConnection(parts.hostname or "", port)) as connected:
            # It must not connect by itself: it would not look where that leads.
            connected.auto_open = 0
            connected.sock = line
            yield connected


@contextmanager
def raw_connection(
    parts: SplitResult, *, ends: float, private: Collection[str] = ()
) -> Iterator[socket.socket]:
    """The same without HTTP; sealed where the address ends in an s, as https does."""
    sealed = parts.scheme.endswith("s")
    port = parts.port or (443 if sealed else 80)
    plain = _connect(parts.hostname or "", port, ends=ends, private=private)
    with closing(plain.dup()) as handle:
        # A receiver that drips its answer would never meet the socket's own limit.
        cut = Timer(max(ends - time.monotonic(), 0), _cut_off, [handle])
        cut.daemon = True
        cut.start()
        try:
            with closing(_sealed(plain, parts) if sealed else plain) as line:
                yield line
        finally:
            cut.cancel()
            plain.close()


def _sealed(plain: socket.socket, parts: SplitResult) -> socket.socket:
    context = ssl.create_default_context()
    return context.wrap_socket(plain, server_hostname=parts.hostname)


def _cut_off(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it ended by itself in this very moment


def _connect(
    host: str, port: int, *, ends: float, private: Collection[str] = ()
) -> socket.socket:
    """Connect to an address that was looked at: a name may lead anywhere.

    Refused if any of the name's addresses is a private one. They are looked up once,
    and tried in turn: one that is silent leaves the others their share of the time.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not _this_machine(host) and host not in private:
        for address in addresses:
            _check_public(ipaddress.ip_address(address.partition("%")[0]))
    failed: OSError = TimeoutError()
    for number, address in enumerate(addresses):
        left = ends - time.monotonic()
        if left <= 0:
            break
        share = left / (len(addresses) - number)
        try:
            line = socket.create_connection((address, port), timeout=share)
        except OSError as error:
            failed = error
            continue
        line.settimeout(max(ends - time.monotonic(), 0.001))
        return line
    raise failed
