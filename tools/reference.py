"""Writes docs/reference from the tables that the product itself runs on."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from clinicians.workflow import KEEPERS, MOVES
from records import workflow as leaving
from screening.definitions import flag_rules, load_all
from screening.domain import wordings
from screening.domain.questionnaire import Instrument

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
MADE = "<!-- Made by `make docs`; change the data, not this page. -->\n"
NOBODY_YET = "no clinician yet"


def pages() -> dict[str, str]:
    """Each page of the reference by its file name."""
    return {
        "delivery-states.md": _delivery_states(),
        "flags.md": _flags(),
        "instruments.md": _instruments(),
        "review-states.md": _review_states(),
        "wording-states.md": _wording_states(),
    }


def _flags() -> str:
    rows = [
        (
            f"`{rule.id}`",
            rule.tier,
            rule.title,
            rule.reviewed_by or NOBODY_YET,
            rule.source,
        )
        for rule in flag_rules()
    ]
    head = ("Rule", "Tier", "What it says", "Reviewed by", "Source")
    about = "Tiers order a clinic's work. They are never a level of risk."
    return _page("Flag rules", about, _table(head, rows))


def _instruments() -> str:
    rows = [
        (
            f"`{one.id}`",
            one.language,
            one.version,
            one.title,
            _bands(one),
            one.text_reviewed_by or NOBODY_YET,
        )
        for _, one in sorted(load_all().items())
    ]
    head = ("Id", "Language", "Version", "Title", "Bands", "Texts reviewed by")
    about = "Texts, codes, scoring and sources stand in `screening/definitions`."
    return _page("Instruments", about, _table(head, rows))


def _review_states() -> str:
    moves = [
        f"    {a} --> {b}: {', '.join(sorted(parts))}"
        for (a, b), parts in MOVES.items()
    ]
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", *moves, "```"])
    keepers = _table(("Status", "Whose it is"), KEEPERS.items())
    return _page(
        "How a case moves", "Who may make each move.", f"{diagram}\n\n{keepers}"
    )


def _delivery_states() -> str:
    moves = [
        f"    {a} --> {b}: {', '.join(sorted(movers))}"
        for (a, b), movers in leaving.MOVES.items()
    ]
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", *moves, "```"])
    about = "Who may make each move. What waits for its next try is DUE."
    return _page("How a delivery moves", about, diagram)


def _wording_states() -> str:
    moves = [
        f"    {a} --> {b}: {', '.join(sorted(parts))}"
        for (a, b), parts in wordings.MOVES.items()
    ]
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", *moves, "```"])
    shown = [
        (f"`{policy}`", ", ".join(sorted(states)) or "none")
        for policy, states in wordings.SHOWN.items()
    ]
    return _page(
        "How a wording moves",
        "Who may make each move, and which states a clinic's policy shows to patients.",
        f"{diagram}\n\n{_table(('Policy', 'Shown'), shown)}",
    )


def _bands(instrument: Instrument) -> str:
    bands = (f"{band.min}–{band.max} {band.label}" for band in instrument.bands)
    return "; ".join(bands) or "none"


def _table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |"
        for line in lines
    )


def _page(title: str, about: str, body: str) -> str:
    return f"# {title}\n\n{MADE}\n{about}\n\n{body}\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
