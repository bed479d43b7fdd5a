"""A clinic that lets a model propose, and the model."""

from collections.abc import Iterator

import pytest

from tests.cast import Cast, make_cast
from tests.fakes.model_server import ModelServer


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    cast.clinic.ai_enabled = True
    cast.clinic.save()
    return cast


@pytest.fixture
def model(settings) -> Iterator[ModelServer]:
    with ModelServer("paraphrase") as server:
        settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY = server.url, "k"
        settings.OPENAI_MODEL, settings.LANGUAGE_ENABLED = "fake", True
        yield server
