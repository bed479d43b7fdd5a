"""What the demo asks of this machine, where it is asked for something that cannot be."""

import argparse
import socket
from pathlib import Path

import pytest

from tools.demo import Asked, Demo
from tools.machine import HOST, LAST_PORT, CannotRun, free_port, port_number


@pytest.mark.parametrize("text", ["", "abc", "-1", "8000.0", "65536", "²"])
def test_what_is_no_port_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="make demo PORT=8123"):
        port_number(text)


def test_last_port_is_the_last_that_is_tried() -> None:
    assert port_number(str(LAST_PORT)) == LAST_PORT
    with socket.socket() as held:
        held.bind((HOST, LAST_PORT))
        held.listen()
        with pytest.raises(CannotRun, match="choose another"):
            free_port(LAST_PORT)


def test_everything_that_the_demo_writes_goes_when_it_is_reset(tmp_path: Path) -> None:
    quiet = Asked.__new__(Asked)  # without its handlers of signals
    demo = Demo(tmp_path, 0, quiet)
    written = demo.environment["RECORDS_FOLDER"], demo.environment["EMAIL_URL"]
    assert all(str(tmp_path) in place for place in written)
