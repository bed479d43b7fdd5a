"""How an answer on a form that staff enter is written in a post. Pure."""

# Beside the values of the official options.
DECLINED, BLANK = "declined", "blank"


def field_names(part: int, number: int) -> tuple[str, str]:
    """Return what the answer to an item and its key are posted as."""
    return f"answer-{part}-{number}", f"key-{part}-{number}"
