"""Makes anew what the embedding needs of the example lists: python -m tools.bank."""

from screening.language import neighbours, question_bank


def main() -> None:
    """Embed the examples of both lists, or say which package is missing."""
    if not neighbours.available():
        raise SystemExit("Install requirements-semantic.txt first.")
    neighbours.make_vectors()
    print(f"{neighbours.VECTORS.name} is of {neighbours.BANK.name} again.")
    question_bank.make_weights()
    print(f"{question_bank.WEIGHTS.name} is of {question_bank.BANK.name} again.")


if __name__ == "__main__":
    main()
