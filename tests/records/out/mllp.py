"""A receiver of HL7 v2 over MLLP, on this machine, that answers as it is told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def mllp(*codes: str, control: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yields its address and what it got; one code is used up for each message."""
    server = socket.create_server(("127.0.0.1", 0))
    got: list[str] = []

    def serve() -> None:
        for code in codes:
            line, _ = server.accept()
            with line:
                said = b""
                while not said.endswith(b"\x1c\r"):
                    said += line.recv(65536)
                got.append(said.strip(b"\x0b\x1c\r").decode())
                of = control or got[-1].split("|")[9]
                line.sendall(f"\x0bMSH|^~\\&|||\rMSA|{code}|{of}\r\x1c\r".encode())

    threading.Thread(target=serve, daemon=True).start()
    with server:
        yield f"mllp://127.0.0.1:{server.getsockname()[1]}", got
