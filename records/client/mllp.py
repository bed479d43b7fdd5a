"""Sends an HL7 v2 message over MLLP and reads what the receiver says of it."""

import ssl
import time

from django.conf import settings

from core.webhook import AddressRefused, raw_connection
from records.client.wire import NotReached, Target, not_reached
from records.formats.hl7 import acknowledged
from records.workflow import Outcome, Verdict

START, END = b"\x0b", b"\x1c\x0d"
LONGEST = 100_000
_VERDICTS = {
    "AA": Verdict.TAKEN,
    "CA": Verdict.TAKEN,
    # An error in the message: sending it again does not help.
    "AE": Verdict.REFUSED,
    "CE": Verdict.REFUSED,
    # Rejected for what has nothing to do with the message, such as a pause.
    "AR": Verdict.PASSING,
    "CR": Verdict.PASSING,
}


def send_hl7(target: Target, message: bytes, *, control_id: str) -> Outcome:
    """Send one message and wait for its acknowledgement."""
    try:
        answer = _exchange(target, message)
    except NotReached as error:
        return not_reached(error)
    code, of = acknowledged(answer)
    if code not in _VERDICTS or of != control_id:
        return Outcome(
            verdict=Verdict.PASSING,
            sentence="The receiver's answer does not say that it took the message.",
        )
    verdict = _VERDICTS[code]
    if verdict is Verdict.TAKEN:
        return Outcome(verdict=verdict, receipt=[{"type": "ORU^R01", "status": code}])
    said = "an error in the message" if verdict is Verdict.REFUSED else "not now"
    return Outcome(verdict=verdict, sentence=f"The receiver answered {code}: {said}.")


def _exchange(target: Target, message: bytes) -> bytes:
    try:
        with raw_connection(
            target.parts, ends=target.ends, private=settings.RECORDS_HOSTS
        ) as line:
            line.sendall(START + message + END)
            answer = b""
            while END not in answer and len(answer) < LONGEST:
                line.settimeout(max(target.ends - time.monotonic(), 0.001))
                more = line.recv(8192)
                if not more:
                    break
                answer += more
    except AddressRefused as error:
        raise NotReached(str(error)) from error
    except ssl.SSLCertVerificationError as error:
        raise NotReached("The receiver's certificate is not trusted.") from error
    except TimeoutError as error:
        raise NotReached("The receiver did not answer in time.") from error
    except (OSError, ValueError) as error:
        raise NotReached("The receiver was not reached.") from error
    return answer.partition(START)[2].partition(END)[0]
