"""No test reaches a foreign machine."""

import socket
import warnings

import pytest
from pytest_socket import SocketConnectBlockedError


def test_foreign_address_is_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(SocketConnectBlockedError):
            socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_own_machine_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=1).close()


def test_redis_answers(redis_url: str):
    host, port = redis_url.removeprefix("redis://").removesuffix("/0").split(":")
    with socket.create_connection((host, int(port)), timeout=1) as line:
        line.sendall(b"PING\r\n")
        assert line.recv(16) == b"+PONG\r\n"
