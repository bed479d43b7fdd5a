"""Keys: what is accepted as one, and keys behind an address, fetched with care."""

import json
import socket
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import time_machine
from django.utils import timezone
from joserfc import jwk

from records.crypto import KeysRefused, read_keys
from tests.records.smart.signing import ask, assertion, connected, jwks, key

pytestmark = pytest.mark.django_db


class Publisher:
    """A server that publishes what it is told to, and counts who asks."""

    def __init__(self):
        self.body, self.status, self.asked = b"", 200, 0
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                publisher.asked += 1
                self.send_response(publisher.status)
                if publisher.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(publisher.body)))
                self.end_headers()
                self.wfile.write(publisher.body)

            def log_message(self, *args):
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/keys.json?v=1"

    def tell(self, *keys):
        self.body = json.dumps(jwks(*keys)).encode()


@pytest.fixture
def publisher(settings):
    settings.WEBHOOK_LOOPBACK = True
    made = Publisher()
    thread = Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def test_keys_are_fetched_kept_and_fetched_again_for_a_new_one(
    client, clinic, publisher
):
    publisher.tell(key("one"))
    system = connected(clinic, url=publisher.url)
    assert ask(client, assertion(system)).status_code == 200
    assert ask(client, assertion(system)).status_code == 200
    assert publisher.asked == 1
    # The program has changed its keys: the unknown kid is looked for once more.
    publisher.tell(key("two"))
    assert ask(client, assertion(system, by=key("two"))).status_code == 200
    assert publisher.asked == 2
    # Whoever makes kids up makes nobody fetch each time.
    for _ in range(3):
        made_up = assertion(system, by=key("two"), header={"kid": "made up"})
        assert ask(client, made_up).status_code == 401
    assert publisher.asked == 2
    # And a key that was taken away opens nothing once the keys are read anew.
    publisher.tell(key("three"))
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert ask(client, assertion(system, by=key("two"))).status_code == 401


def test_assertion_may_name_the_registered_address_and_no_other(
    client, clinic, monkeypatch
):
    url = "https://keys.example/jwks"
    kept = read_keys(jwks(key()), most=1)
    monkeypatch.setattr("records.api.tokens.keys_of", lambda *_a, **_k: kept)
    system = connected(clinic, url=url)
    assert ask(client, assertion(system, header={"jku": url})).status_code == 200
    other = assertion(system, header={"jku": f"{url}2"})
    assert "registered" in ask(client, other).json()["error_description"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"no json"),
        (200, b"[" * 10_000),
        (200, b'{"keys": []}'),
        (200, b" " * 70_000),
        (404, b'{"keys": []}'),
        (302, b""),
        (500, b""),
    ],
)
def test_address_that_gives_no_keys_opens_nothing(
    client, clinic, publisher, status, body
):
    publisher.status, publisher.body = status, body
    system = connected(clinic, url=publisher.url)
    answer = ask(client, assertion(system))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert publisher.asked == 1


def test_address_that_failed_is_left_alone_and_then_asked_again(
    client, clinic, publisher
):
    """Nobody makes this server call another one at every try."""
    publisher.status = 500
    system = connected(clinic, url=publisher.url)
    first, again = (ask(client, assertion(system)) for _ in range(2))
    assert (first.status_code, again.status_code) == (401, 401)
    assert again.json() == first.json()
    assert publisher.asked == 1
    publisher.status = 200
    publisher.tell(key("one"))
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        assert ask(client, assertion(system)).status_code == 200
    assert publisher.asked == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://keys.example/jwks",
        "https://10.0.0.1/jwks",
        "https://[::1]/jwks",
        "https://169.254.169.254/latest",
        "https://localhost/jwks",
        "https://inside/jwks",
        "file:///etc/passwd",
    ],
)
def test_address_inside_is_never_asked(client, clinic, url, monkeypatch):
    def connect(*_args, **_kwargs):
        raise AssertionError("It connected.")

    monkeypatch.setattr(socket, "create_connection", connect)
    answer = ask(client, assertion(connected(clinic, url=url)))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_public_name_that_leads_inside_is_never_asked(client, clinic, monkeypatch):
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: inside)
    system = connected(clinic, url="https://keys.example/jwks")
    answer = ask(client, assertion(system))
    assert answer.status_code == 401
    assert "not allowed" in answer.json()["error_description"]


def public(kind="EC", **changes):
    made = key(kind=kind).as_dict(private=False)
    found = {**made, **changes}
    return {name: value for name, value in found.items() if value is not None}


def test_short_keys_are_kept_without_what_is_not_needed():
    found = read_keys({"keys": [public(use="sig", x5c=["a"], extra=1)]}, most=2)
    assert [set(one) for one in found] == [{"kty", "crv", "x", "y", "kid"}]


def test_other_keys_beside_a_good_one_are_passed_over():
    small = jwk.ECKey.generate_key("P-256").as_dict(private=False)
    others = [small, public(use="enc"), {"kty": "OKP", "crv": "Ed25519", "x": "a"}]
    found = read_keys({"keys": [*others, public("RSA")]}, most=5)
    assert [one["kty"] for one in found] == ["RSA"]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ([], "A JWKS is an object"),
        ({"keys": "x"}, "A JWKS is an object"),
        ({"keys": ["x"]}, "A JWKS is an object"),
        ({"keys": []}, "no key here"),
        ({"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}, "private key"),
        ({"keys": [key().as_dict(private=True)]}, "private key"),
        ({"keys": [public(crv="P-256")]}, "no key here"),
        ({"keys": [public(alg="RS384")]}, "no key here"),
        ({"keys": [public(x="AAAA")]}, "cannot be read"),
        ({"keys": [public(x=None)]}, "cannot be read"),
        ({"keys": [public(x=1)]}, "has to be text"),
        ({"keys": [public(), public("RSA")]}, "the same kid"),
        ({"keys": [public(), public(), public()]}, "at most 2"),
    ],
)
def test_what_is_no_good_key_is_refused_in_words(document, reason):
    with pytest.raises(KeysRefused, match=reason):
        read_keys(document, most=2)


def test_short_rsa_key_is_refused():
    with pytest.warns(Warning, match="2048"):
        weak = jwk.RSAKey.generate_key(1024).as_dict(private=False)
    with pytest.raises(KeysRefused, match="2048 bits"):
        read_keys({"keys": [weak]}, most=1)
