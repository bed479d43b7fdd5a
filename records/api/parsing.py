"""JSON that comes in: bounded, each key once, decimals as they were written."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from records.api.negotiation import FHIR_JSON

DEEPEST = 40


class TooLarge(APIException):
    status_code = 413
    default_detail = "This is larger than is taken here."
    default_code = "too_large"


class StrictJson(BaseParser):
    """What json.loads would let pass silently is refused: NaN, a key that is twice."""

    media_type = "application/json"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request: Request = (parser_context or {})["request"]
        try:
            # The body, not the stream: its size has a limit.
            raw = request._request.body
        except RequestDataTooBig as error:
            raise TooLarge from error
        return read_json(raw)


class StrictFhirJson(StrictJson):
    media_type = FHIR_JSON


def read_json(raw: bytes) -> Any:
    """Raises ParseError with a sentence."""
    try:
        found = json.loads(
            raw.decode(),
            parse_float=Decimal,
            parse_constant=_refuse,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError as error:
        raise ParseError("The body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ParseError(f"The body is no JSON: line {error.lineno}.") from error
    except (RecursionError, ValueError) as error:
        sentence = str(error) if isinstance(error, _Odd) else "The body is no JSON."
        raise ParseError(sentence) from error
    _check(found, 0)
    return found


class _Odd(ValueError):
    pass


def _refuse(name: str) -> NoReturn:
    raise _Odd(f"{name} is no JSON.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Odd("A key is there twice in one object.")
    return found


def _check(value: Any, depth: int) -> None:
    """PostgreSQL stores no zero byte, and nobody nests as deep as this."""
    if depth > DEEPEST:
        raise ParseError("The body is nested too deep.")
    if isinstance(value, str) and "\0" in value:
        raise ParseError("The body holds a zero byte.")
    if isinstance(value, dict):
        for key, inner in value.items():
            _check(key, depth + 1)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)
