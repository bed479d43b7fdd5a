"""A real model: the one that OPENAI_BASE_URL names, or a small one started here."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from screening.language import client
from screening.language.client import ClientConfig
from tests import environment
from tests.fakes.contract import PATIENCE, Place
from tools import local_model

Serve = Callable[[], AbstractContextManager[Place]]


@contextmanager
def _named() -> Iterator[Place]:
    outside = environment.NAMED_OUTSIDE
    config = ClientConfig(
        base_url=outside["OPENAI_BASE_URL"],
        key=outside["OPENAI_API_KEY"],
        model=outside["OPENAI_MODEL"],
        deadline=PATIENCE,
    )
    yield Place(config, end=lambda: None)  # not ours to end


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Start a small server of its own for whoever asks; that one may be ended."""

    @contextmanager
    def serve() -> Iterator[Place]:
        folder: Path = tmp_path_factory.mktemp("model")
        served = local_model.Served(folder)
        with served as model:
            config = ClientConfig(
                base_url=model.url,
                key=model.key,
                model=model.name,
                deadline=PATIENCE,
                max_concurrent=1,
            )
            yield Place(config, end=lambda: served.__exit__())

    return serve


@pytest.fixture(scope="session")
def place(small: Serve) -> Iterator[Place]:
    """One model for all tests that leave it running."""
    named = environment.NAMED_OUTSIDE["OPENAI_BASE_URL"]
    with _named() if named else small() as found:
        yield found


@pytest.fixture
def configured(place: Place, settings) -> Iterator[Place]:
    """The product's own settings, pointing at the model, with time enough for it."""
    settings.OPENAI_BASE_URL = place.config.base_url
    settings.OPENAI_API_KEY = place.config.key
    settings.OPENAI_MODEL = place.config.model
    settings.LANGUAGE_MAX_CONCURRENT = place.config.max_concurrent
    settings.LANGUAGE_DEADLINE_SECONDS = PATIENCE
    settings.LANGUAGE_GENERATION_SECONDS = PATIENCE
    settings.LANGUAGE_ENABLED = True
    yield place
    client._door(client.current_config()).close()
    client._door.cache_clear()
