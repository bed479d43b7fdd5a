"""Reading a data file: its JSON, or a DefinitionError with its name and place."""

import json
from pathlib import Path
from typing import Any

from screening.domain.reading import DefinitionError

ROOT = Path(__file__).resolve().parent


class _Twice(ValueError):
    """The same key twice in one object: JSON would silently keep the last."""


def name_of(path: Path, root: Path) -> str:
    """The file's name as shown in a refusal: instruments/phq-9/en.json."""
    return path.relative_to(root).as_posix()


def read_json(path: Path, root: Path) -> Any:
    """The file's content."""
    name = name_of(path, root)
    try:
        text = path.read_text(encoding="utf-8")
        return json.loads(text, object_pairs_hook=_once)
    except FileNotFoundError as error:
        raise DefinitionError(name, "top", "there is no such file") from error
    except UnicodeDecodeError as error:
        raise DefinitionError(name, "top", "is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise DefinitionError(name, f"line {error.lineno}", error.msg) from error
    except _Twice as error:
        raise DefinitionError(name, str(error), "this key is there twice") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for key, value in pairs:
        if key in read:
            raise _Twice(key)
        read[key] = value
    return read
