"""Finds the Chromium of this machine, or installs it where that is allowed."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-core")
ADVICE = (
    "The browser tests need Chromium. Install it and run again:\n"
    "  sudo apt-get install chromium\n"
    "or name the one you have: CHROMIUM=/path/to/chromium make test"
)


def find() -> str | None:
    """The path of a Chromium: the one named by CHROMIUM, else the usual names."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES],
    ):
        subprocess.run(step, env=quiet, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    if find():
        return 0
    may_install = os.geteuid() == 0 and shutil.which("apt-get")
    if may_install and "CHROMIUM" not in os.environ:
        print("Installing Chromium for the browser tests (once).", flush=True)
        try:
            install()
        except subprocess.CalledProcessError as error:
            print(f"{error.cmd[0]} ended with code {error.returncode}.")
    if find():
        return 0
    print(ADVICE)
    return 1


if __name__ == "__main__":
    sys.exit(main())
