"""How near a patient's question lies to examples of each kind, by a small embedding.

The examples are a list that a clinician can grow; `python -m tools.bank` then makes the
weights anew. They are what tells the kinds apart best on the examples themselves (least
squares), which does better than the nearest few: what a question is about (sleep, worry)
must not decide what kind of question it is. Without the package there are rules alone.
"""

import hashlib
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.domain.asking import INTENTS, OUTSIDE
from screening.language import neighbours, tables

BANK = tables.DATA / "question_bank.json"
WEIGHTS = tables.DATA / "question_bank.npz"
STALE = "question_bank.npz is not of question_bank.json. Run python -m tools.bank."
KINDS = INTENTS + OUTSIDE
FIELDS = {"id", "lang", "kind", "text"}
LONGEST = 400  # what an embedding reads of a question


@dataclass(frozen=True, slots=True)
class Example:
    """One question and its kind."""

    id: str
    lang: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Bank:
    """The examples, and how far the weights are held back (`ridge`)."""

    ridge: float
    examples: tuple[Example, ...]


def nearness(question: str) -> Mapping[str, float]:
    """Each kind with how near the question is; nothing where the package is missing."""
    plain = " ".join(question.lower().split())[:LONGEST]
    if not plain or not neighbours.available():
        return {}
    mean, weights = _weights()
    scores = (neighbours.vectors([plain])[0] - mean) @ weights
    return {kind: float(score) for kind, score in zip(KINDS, scores, strict=True)}


@lru_cache(maxsize=1)
def _weights() -> tuple[Any, Any]:
    with importlib.import_module("numpy").load(WEIGHTS) as made:
        if str(made["of"]) != checksum():
            raise tables.TableError(STALE)
        return made["mean"].astype("f4"), made["weights"].astype("f4")


def make_weights() -> None:
    """Learn the weights from the examples and keep them beside the file."""
    numpy, known = importlib.import_module("numpy"), bank()
    texts = [" ".join(one.text.lower().split()) for one in known.examples]
    made = numpy.asarray(neighbours.vectors(texts), dtype="f8")
    mean = made.mean(axis=0)
    of = numpy.array([KINDS.index(one.kind) for one in known.examples])
    wanted = numpy.eye(len(KINDS))[of] - 1 / len(KINDS)
    spread = (made - mean).T @ (made - mean)
    held_back = spread + known.ridge * numpy.eye(made.shape[1])
    weights = numpy.linalg.solve(held_back, (made - mean).T @ wanted)
    numpy.savez_compressed(
        WEIGHTS, of=checksum(), mean=mean.astype("f4"), weights=weights.astype("f4")
    )


def checksum() -> str:
    """What the weights were made of."""
    return hashlib.sha256(BANK.read_bytes()).hexdigest()


def check() -> None:
    """Raise TableError if the examples or their weights cannot be used."""
    bank()
    if neighbours.available():
        _weights()


@lru_cache(maxsize=1)
def bank() -> Bank:
    """The examples; raises TableError for a file that cannot be used."""
    content = tables.read(BANK)
    found: list[Example] = []
    seen: set[str] = set()
    for row in content["examples"]:
        place = f"question_bank.json {row.get('id')}"
        if set(row) != FIELDS or row["kind"] not in KINDS:
            raise tables.TableError(f"{place}: needs id, lang, a known kind and text.")
        if row["lang"] not in tables.LANGUAGES or not row["text"].strip():
            raise tables.TableError(f"{place}: has no text, or no known language.")
        if {row["id"], row["text"].lower()} & seen:
            raise tables.TableError(f"{place}: stands there twice.")
        seen |= {row["id"], row["text"].lower()}
        found.append(Example(**row))
    if {one.kind for one in found} != set(KINDS):
        raise tables.TableError("question_bank.json: a kind has no examples.")
    return Bank(ridge=float(content["ridge"]), examples=tuple(found))
