"""Settings are read strictly, and what is wrong is said in one sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture
def x(monkeypatch):
    def put(value):
        monkeypatch.setenv("X", value)

    return put


def test_text_comes_from_a_file_when_asked(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("word\n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))
    assert env.text("X") == "word"
    monkeypatch.setenv("X_FILE", str(tmp_path / "nothing"))
    with pytest.raises(ImproperlyConfigured, match="X_FILE names"):
        env.text("X")


def test_text_says_what_to_set():
    assert env.text("X", "else") == "else"
    with pytest.raises(ImproperlyConfigured, match="Set X"):
        env.text("X")


@pytest.mark.parametrize(("value", "meaning"), [("true", True), ("false", False)])
def test_boolean_takes_two_words(x, value, meaning):
    x(value)
    assert env.boolean("X", default=not meaning) is meaning


@pytest.mark.parametrize("value", ["True", "1", "yes", "no", " "])
def test_boolean_refuses_every_other_word(x, value):
    x(value)
    with pytest.raises(ImproperlyConfigured, match="true or false"):
        env.boolean("X", default=False)


def test_whole_takes_whole_numbers_only(x):
    x("3")
    assert env.whole("X", 1, least=3) == 3
    for wrong in ("2", "-1", "3.0", "three", "٣"):
        x(wrong)
        with pytest.raises(ImproperlyConfigured, match="whole number"):
            env.whole("X", 1, least=3)


def test_seconds_are_above_zero(x):
    x("0.5")
    assert env.seconds("X", 1.0) == 0.5
    for wrong in ("0", "-1", "nan", "inf", "soon"):
        x(wrong)
        with pytest.raises(ImproperlyConfigured, match="seconds"):
            env.seconds("X", 1.0)


def test_key_ring_keeps_its_order(x):
    x(f"b:{KEY}, a:{KEY}")
    assert list(env.key_ring("X")) == ["b", "a"]
    assert env.key_ring("X")["a"] == bytes(range(32))


@pytest.mark.parametrize(
    "wrong", ["k:", f"k:{KEY},k:{KEY}", f"k.1:{KEY}", KEY, "k:c2hvcnQ=", "k:%"]
)
def test_key_ring_refuses_what_is_no_ring(x, wrong):
    x(wrong)
    with pytest.raises(ImproperlyConfigured):
        env.key_ring("X")


def test_database_reads_sqlite(x):
    x("sqlite:////srv/data/a%20b.db")
    read = env.database("X")
    assert read["NAME"] == "/srv/data/a b.db"
    assert read["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_database_reads_postgresql(x):
    x("postgresql://me:s%40crt@db.example.org:5433/clinic?sslmode=require")
    read = env.database("X")
    assert (read["HOST"], read["PORT"], read["NAME"]) == (
        "db.example.org",
        "5433",
        "clinic",
    )
    assert (read["USER"], read["PASSWORD"]) == ("me", "s@crt")
    assert read["OPTIONS"]["sslmode"] == "require"
    assert read["CONN_HEALTH_CHECKS"]


def test_database_reads_a_socket_folder(x):
    x("postgresql:///clinic?host=/run/socket&user=me&port=6000")
    read = env.database("X")
    assert (read["HOST"], read["PORT"], read["USER"]) == ("/run/socket", "6000", "me")
    assert "host" not in read["OPTIONS"]


@pytest.mark.parametrize("wrong", ["mysql://h/db", "sqlite:///", "postgresql://h", "x"])
def test_database_refuses_every_other_address(x, wrong):
    x(wrong)
    with pytest.raises(ImproperlyConfigured, match="Set X to sqlite"):
        env.database("X")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "console:",
            {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
        ),
        ("file:///srv/mail", {"EMAIL_FILE_PATH": "/srv/mail"}),
        ("smtp://h", {"EMAIL_PORT": 25, "EMAIL_USE_TLS": False}),
        ("smtp+tls://u:p%40@h", {"EMAIL_PORT": 587, "EMAIL_HOST_PASSWORD": "p@"}),
        ("smtps://h:4650", {"EMAIL_PORT": 4650, "EMAIL_USE_SSL": True}),
    ],
)
def test_mail_reads_its_address(x, address, expected):
    x(address)
    assert expected.items() <= env.mail("X", leaves=False).items()


@pytest.mark.parametrize("wrong", ["smtp://", "file:", "pigeon://h", "nothing"])
def test_mail_refuses_every_other_address(x, wrong):
    x(wrong)
    with pytest.raises(ImproperlyConfigured, match="Set X to console"):
        env.mail("X", leaves=False)


@pytest.mark.parametrize("wrong", ["console:", "file:///srv/mail"])
def test_mail_that_must_leave_goes_to_a_server(x, wrong):
    x(wrong)
    with pytest.raises(ImproperlyConfigured, match="Set X to smtp://"):
        env.mail("X", leaves=True)


@pytest.mark.parametrize("wrong", ["postgresql://h:x/db", "postgresql://[::/db"])
def test_address_with_an_impossible_part_is_refused_without_being_shown(x, wrong):
    x(wrong)
    with pytest.raises(ImproperlyConfigured, match="Set X to a whole address") as said:
        env.database("X")
    assert wrong not in str(said.value)


@pytest.mark.parametrize(
    "value", ["", "https://api.example.org/v1", "http://127.0.0.1:8080/v1"]
)
def test_private_address_is_encrypted_or_of_this_machine(x, value):
    x(value)
    assert env.private_address("X") == value


@pytest.mark.parametrize(
    "wrong", ["http://model.example.org/v1", "http://localhost.example.org", "model"]
)
def test_private_address_refuses_what_others_could_read(x, wrong):
    x(wrong)
    with pytest.raises(ImproperlyConfigured, match="https:// address"):
        env.private_address("X")


def test_one_of_names_what_is_known(x):
    x("b")
    assert env.one_of("X", "a", ("a", "b")) == "b"
    x("c")
    with pytest.raises(ImproperlyConfigured, match="Set X to one of: a, b"):
        env.one_of("X", "a", ("a", "b"))
