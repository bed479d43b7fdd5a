"""How another system is reached: which addresses, for how long, and one request."""

import json
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.conf import settings

from core.webhook import AddressRefused, check_address, connection
from records.workflow import Outcome, Verdict

THIS_MACHINE = ("127.0.0.1", "localhost")
PLAIN = (
    "mllp:// can be read on the way. Use mllps://, or have whoever runs this system "
    "name the host in RECORDS_HOSTS."
)
FHIR_JSON = "application/fhir+json"
PATH = re.compile(r"[A-Za-z][\w.:\[\]-]{0,59}")
# An answer that is longer is none that we asked for.
LONGEST = 8_000_000


class NotReached(Exception):
    """The receiver was not reached, or did not answer in time; the sentence says so."""


@dataclass(frozen=True, slots=True)
class Target:
    """One receiver, for one delivery; all of it has to be done by `ends`."""

    address: str
    ends: float
    secret: str = field(default="", repr=False)

    @property
    def parts(self) -> SplitResult:
        return check_target(self.address)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` is None unless it was JSON."""

    status: int
    location: str = ""
    body: Any = field(default=None, repr=False)


def check_target(address: str) -> SplitResult:
    """Return its parts, or raise AddressRefused.

    As for webhooks, but hosts of one's own network are allowed where RECORDS_HOSTS
    names them; records systems often stand there. mllp:// is plain text on the way,
    so it goes nowhere else; mllps:// is sealed.
    """
    private = settings.RECORDS_HOSTS
    parts = urlsplit(address)
    if parts.scheme not in ("mllp", "mllps"):
        return check_address(address, private=private)
    here = parts.hostname in (*private, *THIS_MACHINE)
    if parts.scheme == "mllp" and not here:
        raise AddressRefused(PLAIN)
    # Looked at as an address of the web is.
    scheme = "http" if parts.hostname in THIS_MACHINE else "https"
    checked = check_address(urlunsplit((scheme, *parts[1:])), private=private)
    if checked.port is None:
        raise AddressRefused("Give the port, too, as in mllps://host:2575.")
    return parts


def ask(
    target: Target,
    method: str,
    path: str,
    *,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Make one request of a FHIR server; raises NotReached.

    It follows no redirect: records go where an administrator said, nowhere else.
    """
    sent = {
        "Accept": FHIR_JSON,
        "User-Agent": "check-in-records/1",
        **({"Content-Type": FHIR_JSON} if body is not None else {}),
        **({"Authorization": f"Bearer {target.secret}"} if target.secret else {}),
        **(headers or {}),
    }
    content = (
        body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    )
    try:
        parts = target.parts
        sent["Host"] = parts.netloc
        with connection(
            parts, ends=target.ends, private=settings.RECORDS_HOSTS
        ) as line:
            line.request(method, f"{parts.path.rstrip('/')}/{path}", content, sent)
            return _answer(line.getresponse())
    except AddressRefused as error:
        raise NotReached(str(error)) from error
    except ssl.SSLCertVerificationError as error:
        raise NotReached("The receiver's certificate is not trusted.") from error
    except TimeoutError as error:
        raise NotReached("The receiver did not answer in time.") from error
    except (OSError, HTTPException, ValueError) as error:
        raise NotReached("The receiver was not reached.") from error


def _answer(response: HTTPResponse) -> Answer:
    raw = response.read(LONGEST + 1)
    try:
        body = json.loads(raw) if raw and len(raw) <= LONGEST else None
    except ValueError:
        body = None
    return Answer(
        status=response.status,
        location=response.headers.get("Location", ""),
        body=body,
    )


def not_reached(error: NotReached) -> Outcome:
    return Outcome(verdict=Verdict.PASSING, sentence=str(error), here=True)


def said_no(answer: Answer, verdict: Verdict, what: str = "") -> Outcome:
    """Put a refusal into words: the status, the codes and places that FHIR names.

    Its free text stays out: a server may repeat there what we sent.
    """
    about = f" to {what}" if what else ""
    sentence = f"The receiver answered {answer.status}{about}."
    if verdict is Verdict.BARRED:
        sentence = (
            f"The receiver does not let us in ({answer.status}). Check the token."
        )
    elif HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        sentence = f"The receiver answered {answer.status}; no redirect is followed."
    elif answer.status == HTTPStatus.PRECONDITION_FAILED:
        sentence = (
            f"The receiver holds more than one match{about} (412). "
            "Ask whoever runs it to put that right."
        )
    issues = _issues(answer.body)
    return Outcome(
        verdict=verdict,
        sentence=f"{sentence} {issues}".strip(),
        status=answer.status,
        here=verdict is Verdict.BARRED
        or answer.status
        in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS),
    )


def _issues(body: Any) -> str:
    if not isinstance(body, dict) or body.get("resourceType") != "OperationOutcome":
        return ""
    issues = body.get("issue")
    found = []
    for issue in issues if isinstance(issues, list) else []:
        if isinstance(issue, dict) and issue.get("severity") in ("fatal", "error"):
            place = issue.get("expression") or issue.get("location") or [""]
            where = place[0] if isinstance(place, list) and place else ""
            found.append(f"{_plain(issue.get('code'))} {_plain(where)}".strip())
    return f"It names: {'; '.join(found[:3])}." if found else ""


def _plain(value: object) -> str:
    """A code or a path of elements; whatever else it is may hold what we sent."""
    return value if isinstance(value, str) and PATH.fullmatch(value) else ""
