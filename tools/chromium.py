"""Finds Chromium and what else the tests run that no wheel brings, or installs it.

That is curl and openssl, which an example of docs/api.md is run with.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

# The first one draws no window around its pages: half the work for the same pages.
QUICK = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NAMES = (QUICK, *WHOLE)
PROGRAMS = ("curl", "openssl")
FONTS = "fonts-noto-core"
ADVICE = (
    "The browser tests need Chromium. Install it and run again:\n"
    "  sudo apt-get install chromium-headless-shell\n"
    "(or chromium, where there is no such package), "
    "or name the one you have: CHROMIUM=/path/to/chromium make test"
)


def find() -> str | None:
    """The path of a Chromium: the one named by CHROMIUM, else the usual names."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def lacking() -> list[str]:
    """The programs beside it that are not there."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def wanted() -> tuple[tuple[str, ...], ...]:
    """What to install, the best first: where there is no quick one, a whole one."""
    if "CHROMIUM" in os.environ or shutil.which(QUICK):
        return (tuple(lacking()),)
    whole = () if find() else (WHOLE[0], FONTS)
    return ((QUICK, FONTS, *lacking()), (*whole, *lacking()))


def install(packages: Sequence[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        subprocess.run(step, env=quiet, check=True, stdout=subprocess.DEVNULL)


def installed(packages: Sequence[str]) -> bool:
    """Whether they are there now, or there was nothing to install."""
    if not packages:
        return True
    print(f"Installing {', '.join(packages)} for the tests (once).", flush=True)
    try:
        install(packages)
    except subprocess.CalledProcessError as error:
        print(f"{error.cmd[0]} ended with code {error.returncode}.")
        return False
    return True


def main() -> int:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        any(map(installed, wanted()))
    if not find():
        print(ADVICE)
        return 1
    if missing := lacking():
        print(f"Install and run again:\n  sudo apt-get install {' '.join(missing)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
