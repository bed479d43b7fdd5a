"""What holds for every test: databases, strict templates, valid HTML, order."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.db import connections
from django.http import HttpResponseBase
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.test import Client
from django.test.utils import override_settings
from django.utils import translation
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests import environment
from tests.support.flush import let_tests_empty_tables
from tests.support.html import check_html
from tests.support.quick import quick_pages
from tests.support.templates import RefuseUnknown

# A deadline would make a test fail for being run on a busy machine.
hypothesis.settings.register_profile("suite", deadline=None, print_blob=True)
hypothesis.settings.load_profile("suite")

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences"}
LAST = ("browser", "processes")
PROCESSES = "tests/processes/"
# A test's cases beyond these tell nothing more of a database, but where its own rules
# and triggers are asked. In some folders they add no line that is counted either.
CASES = 4
LATER = pytest.StashKey[bool]()
STORED = ("tests/core/", "tests/screening/actions/", "tests/screening/management/")
NO_NEW_LINE = ("tests/screening/language/", "tests/screening/views/", "tests/look/")

# What Playwright says when something did not come in time.
WAITED = ["TimeoutError", "Locator expected"]


def uses_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or names & DATABASE_FIXTURES)


def elsewhere(item: pytest.Item) -> bool:
    """What is run on PostgreSQL only: it tells nothing of the database."""
    thorough = item.get_closest_marker("thorough") is not None
    return last(item) or thorough or item.stash[LATER]


def last(item: pytest.Item) -> bool:
    """A browser keeps an event loop running, which other tests must not meet."""
    return any(item.get_closest_marker(name) for name in LAST)


def turn(item: pytest.Item) -> int:
    """What is one long piece is begun first, so that no process waits for it alone."""
    if item.get_closest_marker("browser"):
        return 2
    return 0 if item.get_closest_marker("processes") else 1


_cases: Counter[str] = Counter()


def pytest_itemcollected(item: pytest.Item) -> None:
    """What one rule is asked many times over is asked again without counting lines."""
    if item.get_closest_marker("browser"):
        # A wait that ran out is tried once more, and the run names it: on a machine that
        # others use it says little. A fault of the product fails twice.
        item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=WAITED))
    test, case, _ = item.nodeid.partition("[")
    _cases[test] += 1
    later = bool(case) and _cases[test] > CASES
    item.stash[LATER] = later and not test.startswith(STORED)
    if later and test.startswith(NO_NEW_LINE):
        item.add_marker(pytest.mark.thorough)


class Scheduler(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Tests of processes share a running demo, so one process of ours has them all.

    It begins with them, being the longest piece. (pytest-xdist's own groups go by a
    member of pytest's items that pytest 9.2 has no more, and say nothing of it.)
    """

    def _split_scope(self, nodeid: str) -> str:
        return PROCESSES if nodeid.startswith(PROCESSES) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduler:
    return Scheduler(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    if config.getoption("--database-only"):
        chosen = [item for item in items if uses_database(item) and not elsewhere(item)]
        config.hook.pytest_deselected(items=[i for i in items if i not in chosen])
        items[:] = chosen
    items.sort(key=turn)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    environment.start_database()
    if environment.ON_SQLITE:
        # In a file, as the demo has it: threads then have connections of their own.
        name = str(environment.FOLDER / "tests.sqlite3")
        connections["default"].settings_dict["TEST"]["NAME"] = name


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The whole server goes in the end; a lingering connection must not fail that."""
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    let_tests_empty_tables(connections["default"])


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of a real Redis that keeps nothing."""
    return environment.start_redis()


@pytest.fixture(scope="session", autouse=True)
def _quick_and_strict() -> Iterator[None]:
    """Passwords hashed fast, pages drawn fast; an unknown template variable is an error."""
    templates = engines["django"]
    assert isinstance(templates, DjangoTemplates)
    templates.engine.string_if_invalid = RefuseUnknown()
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[hasher]), quick_pages():
        yield


@pytest.fixture(autouse=True)
def _language_of_nobody() -> None:
    """A request leaves its language behind in the thread, for whatever test is next."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _every_page_is_html(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any page that a test fetches has to be valid HTML."""
    fetch = Client.request

    def request(client: Client, **request: Any) -> HttpResponseBase:
        response = fetch(client, **request)
        html = response.get("Content-Type", "").startswith("text/html")
        if html and not response.streaming and response.content:
            check_html(response.content.decode())
        return response

    monkeypatch.setattr(Client, "request", request)
