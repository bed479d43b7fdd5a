"""Prompts are versioned text files; what a patient wrote goes in as quoted data."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Any

HERE = Path(__file__).resolve().parent
LANGUAGES = {"en": "English", "es": "Spanish (US), with usted"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent: a fixed text, and the data of this call apart from it."""

    id: str
    hash: str
    system: str
    data: str

    def messages(self) -> Any:
        """The two messages of a chat completion."""
        return [
            {"role": "system", "content": self.system},
            {"role": "user", "content": self.data},
        ]


def build(prompt_id: str, *, facts: dict[str, str], data: dict[str, str]) -> Prompt:
    """A prompt file with its facts filled in; `data` travels as one JSON object."""
    template = _template(prompt_id)
    return Prompt(
        id=prompt_id,
        hash=hashlib.sha256(template.encode()).hexdigest(),
        system=Template(template).substitute(facts),
        data=json.dumps(data, ensure_ascii=False),
    )


def language_name(language: str) -> str:
    """A language as a prompt names it."""
    return LANGUAGES[language.split("-")[0]]


def available() -> tuple[str, ...]:
    """The ids of all prompt files, in order."""
    return tuple(sorted(path.stem for path in HERE.glob("*.txt")))


@lru_cache(maxsize=16)
def _template(prompt_id: str) -> str:
    return (HERE / f"{prompt_id}.txt").read_text(encoding="utf-8")
