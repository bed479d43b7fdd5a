"""Gates every shipped text anew and keeps who passed: python -m tools.gated."""

import sys

from screening.language import gating


def main() -> int:
    """Write the stamps, or name the texts that the gate refuses."""
    failed = gating.write_stamps()
    for key in failed:
        print(f"{key} does not pass the gate.")
    print(f"{gating.STAMPS.name} is of the shipped texts again.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
