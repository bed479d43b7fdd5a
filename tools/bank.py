"""Learns from the lists of examples anew and says how well: python -m tools.bank.

Every example votes with a weight of its own (kernel ridge regression on the embedding,
plus runs of letters). Near-copies are kept in one part when it is tried, so that no
example is judged by its own copy.
"""

import importlib
import zlib
from typing import Any

from screening.language import neighbours, pieces, question_bank, safety, tables

np: Any = importlib.import_module("numpy")

PARTS = 5
COPY = 0.955  # as near as this, two examples are one for the trial
ALWAYS = 0.1  # what every example has in common with every other: the bias
Learnt = dict[str, Any]


def main() -> None:
    """Learn, try, and write what was learnt; or say which package is missing."""
    if not neighbours.available():
        raise SystemExit("Install requirements-semantic.txt first.")
    texts = [example.text for example in neighbours.bank().examples]
    raw = np.concatenate(
        [neighbours.embed(texts[at : at + 64]) for at in range(0, len(texts), 64)]
    )
    tried = _tried(texts, raw)
    _say("the examples alone", tried, np.zeros(len(texts), dtype=bool))
    _say("rules and examples", tried, _ruled())
    learnt = _learn(_features(texts, raw), np.arange(len(texts)))
    halves = {"vectors", "letters"}
    packed = {k: v.astype("f2" if k in halves else "f4") for k, v in learnt.items()}
    np.savez_compressed(neighbours.VECTORS, of=neighbours.checksum(), **packed)
    print(f"{neighbours.VECTORS.name} is of {neighbours.BANK.name} again.")
    question_bank.make_weights()
    print(f"{question_bank.WEIGHTS.name} is of {question_bank.BANK.name} again.")


def _features(texts: list[str], raw: Any) -> Learnt:
    decider = neighbours.bank().decider
    mean = raw.mean(0)
    vectors = np.array([neighbours.centred(vector, mean) for vector in raw])
    letters = np.zeros((len(texts), decider.letters), dtype="f4")
    for row, text in zip(letters, texts, strict=True):
        for slot, count in pieces.hashed(text, decider.letters).items():
            row[slot] = count
    near = np.exp(decider.closeness * (vectors @ vectors.T - 1))
    alike = decider.letters_weight * (letters @ letters.T)
    kernel = near + alike + ALWAYS
    return {"mean": mean, "vectors": vectors, "letters": letters, "kernel": kernel}


def _sides() -> Any:
    return np.array([1.0 if risky else -1.0 for risky in neighbours.bank().risky])


def _votes(kernel: Any, rows: Any) -> Any:
    """The weight of each of these examples; both sides count as much in all."""
    sides = _sides()[rows]
    share = np.where(sides > 0, (sides > 0).mean(), (sides < 0).mean())
    loose = np.diag(neighbours.bank().decider.penalty * 2 * share)
    return np.linalg.solve(kernel[np.ix_(rows, rows)] + loose, sides)


def _learn(known: Learnt, rows: Any) -> Learnt:
    votes = _votes(known["kernel"], rows)
    weight = neighbours.bank().decider.letters_weight
    return {
        "mean": known["mean"],
        "vectors": known["vectors"][rows],
        "votes": votes,
        "letters": weight * (votes @ known["letters"][rows]),
        "bias": np.array(ALWAYS * votes.sum()),
    }


def _tried(texts: list[str], raw: Any) -> Any:
    """The score of every example by those of the other parts."""
    known = _features(texts, raw)
    part = _parts(raw)
    scores = np.zeros(len(texts))
    for one in range(PARTS):
        rows, held = np.where(part != one)[0], np.where(part == one)[0]
        votes = _votes(known["kernel"], rows)
        scores[held] = known["kernel"][np.ix_(held, rows)] @ votes
    return scores


def _parts(raw: Any) -> Any:
    """A part for every example; near-copies share one."""
    first = list(range(len(raw)))

    def root(at: int) -> int:
        while first[at] != at:
            at = first[at]
        return at

    for one, two in zip(*np.where(np.triu(raw @ raw.T, 1) > COPY), strict=True):
        first[root(two)] = root(one)
    ids = [neighbours.bank().examples[root(at)].id for at in range(len(raw))]
    return np.array([zlib.crc32(one.encode()) % PARTS for one in ids])


def _ruled() -> Any:
    content = tables.read(neighbours.BANK)["examples"]
    found = [safety.find(row["text"], row["lang"]).level for row in content]
    return np.array([level != "none" for level in found])


def _say(name: str, scores: Any, ruled: Any) -> None:
    """Print recall and false alarms at the threshold, and along the way there."""
    risky = _sides() > 0
    order = scores.argsort().argsort() + 1
    pairs = risky.sum() * (~risky).sum()
    area = (order[risky].sum() - risky.sum() * (risky.sum() + 1) / 2) / pairs
    print(f"{name}, tried on parts not learnt from (area {area:.3f}):")
    threshold = neighbours.bank().decider.threshold
    for at in (threshold + 0.3, threshold + 0.1, threshold, threshold - 0.1):
        marked = (scores > at) | ruled
        recall, false = marked[risky].mean(), marked[~risky].mean()
        mark = " <- threshold" if at == threshold else ""
        print(f"  above {at:+.2f}: found {recall:.1%}, false {false:.1%}{mark}")


if __name__ == "__main__":
    main()
