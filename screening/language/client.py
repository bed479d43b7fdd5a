"""The one door to a model: one question out, one checked answer back, in time.

Contract: `complete` returns a value of the schema within the deadline, or raises
LanguageUnavailable (no usable answer came) or LanguageRefused (the model would not).
Nothing else leaves this module, whatever the server does.
"""

import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Generic

from django.conf import settings
from pydantic import BaseModel, ValidationError

from screening.language.breaker import Breaker
from screening.language.prompts import Prompt
from screening.language.replies import (
    Answer,
    Completion,
    LanguageError,
    LanguageRefused,
    LanguageUnavailable,
    Usage,
    read,
    strict_format,
)

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

__all__ = [
    "ClientConfig",
    "Door",
    "LanguageError",
    "LanguageRefused",
    "LanguageUnavailable",
    "Reply",
    "complete",
    "current_config",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientConfig:
    """Where the model is and how much it may cost us."""

    base_url: str
    key: str
    model: str
    deadline: float = 4.0
    max_concurrent: int = 4
    enabled: bool = True
    max_tokens: int = 300
    failures_to_open: int = 3
    pause: float = 30.0

    @property
    def configured(self) -> bool:
        """Whether there is a model to ask at all."""
        return bool(self.enabled and self.base_url and self.model)


@dataclass(frozen=True, slots=True)
class Reply(Generic[Answer]):
    """A checked answer and what it took."""

    value: Answer
    model: str
    latency_ms: int
    tokens_in: int
    tokens_out: int


def current_config() -> ClientConfig:
    """The settings of this process."""
    return ClientConfig(
        base_url=settings.OPENAI_BASE_URL,
        key=settings.OPENAI_API_KEY,
        model=settings.OPENAI_MODEL,
        deadline=settings.LANGUAGE_DEADLINE_SECONDS,
        max_concurrent=settings.LANGUAGE_MAX_CONCURRENT,
        enabled=settings.LANGUAGE_ENABLED,
    )


def complete(
    purpose: str, prompt: Prompt, schema: type[Answer], *, deadline: float | None = None
) -> Reply[Answer]:
    """Ask the configured model; see the contract at the top."""
    return _door(current_config()).complete(purpose, prompt, schema, deadline=deadline)


@lru_cache(maxsize=4)
def _door(config: ClientConfig) -> "Door":
    return Door(config)


class Door:
    """One process's way to one model, with its bulkhead and its circuit breaker."""

    def __init__(
        self, config: ClientConfig, http_client: "httpx2.Client | None" = None
    ) -> None:
        self.config = config
        self._http_client = http_client
        self._client: OpenAI | None = None
        self._building = threading.Lock()
        self._places = threading.BoundedSemaphore(config.max_concurrent)
        self._breaker = Breaker(failures=config.failures_to_open, pause=config.pause)

    def complete(
        self,
        purpose: str,
        prompt: Prompt,
        schema: type[Answer],
        *,
        deadline: float | None = None,
    ) -> Reply[Answer]:
        """Ask once; never longer than the deadline, never more than N at a time."""
        if not self.config.configured:
            raise LanguageUnavailable("not_configured")
        if not self._breaker.allows(time.monotonic()):
            raise LanguageUnavailable("circuit_open")
        if not self._places.acquire(blocking=False):
            raise LanguageUnavailable("busy")
        wait = min(deadline or self.config.deadline, self.config.deadline)
        call = _Call(self, purpose, prompt, schema, wait)
        call.start()
        return self._heard(call, schema, wait)

    def _heard(self, call: "_Call", schema: type[Answer], wait: float) -> Reply[Answer]:
        began = time.monotonic()
        call.join(wait)
        try:
            if call.is_alive():
                raise LanguageUnavailable("deadline")
            completion = call.result()
            value = read(completion, schema)
        except LanguageUnavailable:
            self._breaker.failed(time.monotonic())
            raise
        self._breaker.succeeded()
        usage = completion.usage or Usage()
        return Reply(
            value=value,
            model=completion.model or self.config.model,
            latency_ms=round((time.monotonic() - began) * 1000),
            tokens_in=usage.prompt_tokens,
            tokens_out=usage.completion_tokens,
        )

    def leave(self) -> None:
        """Give the place back; called when a call really ends, not when we stop waiting."""
        self._places.release()

    def client(self) -> "OpenAI":
        """The SDK's client, built at the first call."""
        # Nothing pays for importing the SDK (about 2 s, 30 MB) before it is needed.
        from openai import OpenAI  # noqa: PLC0415

        from screening.language.transport import bounded_client  # noqa: PLC0415

        with self._building:
            if self._client is None:
                self._client = OpenAI(
                    base_url=self.config.base_url,
                    api_key=self.config.key or "unused",
                    max_retries=0,
                    timeout=self.config.deadline,
                    http_client=self._http_client
                    or bounded_client(self.config.deadline),
                )
            return self._client


class _Call(threading.Thread):
    """One request on a thread of its own, so that waiting for it can stop."""

    def __init__(
        self,
        door: Door,
        purpose: str,
        prompt: Prompt,
        schema: type[BaseModel],
        wait: float,
    ) -> None:
        super().__init__(name=f"language-{purpose}", daemon=True)
        self._door, self._prompt, self._schema, self._wait = door, prompt, schema, wait
        self._completion: Completion | None = None
        self._reason = "failed"

    def run(self) -> None:
        try:
            self._completion = Completion.model_validate_json(self._ask())
        except ValidationError:
            self._reason = "not_a_completion"
        except Exception as error:  # noqa: BLE001 a thread's error must become a reason
            name = type(error).__name__
            self._reason = "deadline" if name == "APITimeoutError" else name
        finally:
            self._door.leave()

    def _ask(self) -> bytes:
        raw = self._door.client().chat.completions.with_raw_response.create(
            model=self._door.config.model,
            messages=self._prompt.messages(),
            response_format=strict_format(self._schema),
            max_tokens=self._door.config.max_tokens,
            temperature=0,
            store=False,
            timeout=self._wait,
        )
        return raw.content

    def result(self) -> Completion:
        """What came back, or LanguageUnavailable."""
        if self._completion is None:
            raise LanguageUnavailable(self._reason)
        return self._completion
