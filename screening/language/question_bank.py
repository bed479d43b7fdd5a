"""How near a patient's question lies to examples of each kind, by a small embedding.

The examples are a list that a clinician can grow; `python -m tools.bank` then makes the
weights anew. Every example speaks for its kind, the louder the nearer it lies, with the
weight that tells the kinds apart best on all of them (kernel ridge regression): what a
question is about (sleep, worry) must not decide what kind of question it is. Without
the package there are rules alone.
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
    """The examples, how far each reaches (`reach`, the greater the less), and how far
    the weights are held back (`ridge`)."""

    reach: float
    ridge: float
    examples: tuple[Example, ...]


def nearness(question: str) -> Mapping[str, float]:
    """Each kind with how near the question is; nothing where the package is missing."""
    plain = " ".join(question.lower().split())[:LONGEST]
    if not plain or not neighbours.available():
        return {}
    examples, weights = _weights()
    scores = _near(neighbours.vectors([plain]), examples)[0] @ weights
    return {kind: float(score) for kind, score in zip(KINDS, scores, strict=True)}


@lru_cache(maxsize=1)
def _weights() -> tuple[Any, Any]:
    with importlib.import_module("numpy").load(WEIGHTS) as made:
        if str(made["of"]) != checksum():
            raise tables.TableError(STALE)
        return made["examples"].astype("f4"), made["weights"].astype("f4")


def _near(some: Any, others: Any) -> Any:
    """How near each of some vectors lies to each other: 1 at the same place."""
    numpy = importlib.import_module("numpy")
    apart = (
        (some**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2 * some @ others.T
    )
    return numpy.exp(-bank().reach * apart)


def make_weights() -> None:
    """Learn the weights from the examples and keep them beside the file."""
    numpy, known = importlib.import_module("numpy"), bank()
    texts = [" ".join(one.text.lower().split()) for one in known.examples]
    # As they are kept, so that they are weighed as they will be read.
    made = numpy.asarray(neighbours.vectors(texts)).astype("f2").astype("f8")
    of = numpy.array([KINDS.index(one.kind) for one in known.examples])
    wanted = numpy.eye(len(KINDS))[of] - 1 / len(KINDS)
    held_back = _near(made, made) + known.ridge * numpy.eye(len(made))
    weights = numpy.linalg.solve(held_back, wanted).astype("f4")
    numpy.savez_compressed(
        WEIGHTS, of=checksum(), examples=made.astype("f2"), weights=weights
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
    return Bank(
        reach=float(content["reach"]),
        ridge=float(content["ridge"]),
        examples=tuple(found),
    )
