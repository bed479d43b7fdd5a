"""Makes the vectors of the examples that worry anew: python -m tools.bank."""

from screening.language import neighbours


def main() -> None:
    """Embed the examples, or say which package is missing."""
    if not neighbours.available():
        raise SystemExit("Install requirements-semantic.txt first.")
    neighbours.make_vectors()
    print(f"{neighbours.VECTORS.name} is of {neighbours.BANK.name} again.")


if __name__ == "__main__":
    main()
