"""Makes .venv with everything the product needs; again and again, harmlessly.

Runs on the machine's own Python, so it says what is wrong even on an old one.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
VENV = TOP / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "ready"
REQUIREMENTS = tuple(
    TOP / name
    for name in (
        "requirements.txt",
        "requirements-semantic.txt",
        "requirements-objects.txt",
        "requirements-dev.txt",
    )
)
LEAST = (3, 11)


def stop(sentence: str) -> None:
    sys.exit("make setup stopped. " + sentence)


def check_python() -> None:
    if sys.version_info < LEAST:
        have = "{}.{}".format(*sys.version_info[:2])
        stop(
            "It needs Python 3.11 or newer, and this one is " + have + ". "
            "Install a newer one and name it: make setup PYTHON=python3.12"
        )


def wanted() -> str:
    """Changes whenever the dependencies or the Python do."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for path in REQUIREMENTS:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def works() -> bool:
    """Whether .venv has a Python that starts; it has none after the folder moved."""
    try:
        started = subprocess.run(
            [str(PYTHON), "-m", "pip", "--version"], capture_output=True
        )
    except OSError:
        return False
    return started.returncode == 0


def make_environment() -> None:
    print("Making .venv", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode != 0:
        stop(
            "This Python cannot make a virtual environment. "
            "On Debian and Ubuntu: sudo apt-get install python3-venv"
        )


def install() -> None:
    print("Installing the dependencies into .venv (about a minute)", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    with (VENV / "pip.log").open("w+") as log:
        command = [*pip, "-r", str(REQUIREMENTS[-1])]
        done = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            log.seek(0)
            stop("pip could not install the dependencies:\n" + log.read()[-2000:])
    STAMP.write_text(wanted())


def compile_catalogues() -> None:
    for source in sorted(TOP.glob("locale/*/LC_MESSAGES/*.po")):
        made = source.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
            continue
        command = [str(PYTHON), "-m", "babel.messages.frontend", "-q", "compile"]
        if subprocess.run([*command, "-i", str(source), "-o", str(made)]).returncode:
            stop(f"The messages in {source.relative_to(TOP)} do not compile.")


def main() -> None:
    check_python()
    if not (STAMP.exists() and STAMP.read_text() == wanted()):
        if not works():
            make_environment()
        install()
    compile_catalogues()


if __name__ == "__main__":
    main()
