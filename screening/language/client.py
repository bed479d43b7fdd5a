"""The one door to a model: one question out, one checked answer back, in time.

Contract: `complete` returns a value of the schema within the deadline of its purpose,
or raises LanguageUnavailable (no usable answer came) or LanguageRefused (the model
would not). Nothing else leaves this module, whatever the server does.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Generic

from pydantic import BaseModel

from screening.language.attempt import Attempt
from screening.language.breaker import Breaker
from screening.language.budget import Allowance, worst_case
from screening.language.configuration import ClientConfig, current_config
from screening.language.prompts import Prompt
from screening.language.replies import (
    Answer,
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
    "warm",
]


# At DEBUG these log whole requests, and a patient's words stand in them.
TALKATIVE = ("openai", "httpx2", "httpcore2")


@dataclass(frozen=True, slots=True)
class Reply(Generic[Answer]):
    """A checked answer and what it took; without `usage` the server did not say."""

    value: Answer
    model: str
    latency_ms: int
    usage: Usage | None

    @property
    def tokens_in(self) -> int:
        """Tokens of the question."""
        return self.usage.prompt_tokens if self.usage else 0

    @property
    def tokens_out(self) -> int:
        """Tokens of the answer."""
        return self.usage.completion_tokens if self.usage else 0


def complete(
    purpose: str,
    prompt: Prompt,
    schema: type[Answer],
    *,
    deadline: float | None = None,
    allowance: Allowance | None = None,
) -> Reply[Answer]:
    """Ask the configured model; see the contract at the top.

    `deadline` may only shorten the purpose's own. `allowance` is what the clinic may
    still spend today; None is for calls that no clinic pays for.
    """
    door = _door(current_config())
    return door.complete(
        purpose, prompt, schema, deadline=deadline, allowance=allowance
    )


def warm() -> threading.Thread:
    """Import the SDK beside the start of a web process, so that no patient waits for it."""
    door = _door(current_config())
    ready: Callable[[], object] = door.client if door.config.configured else bool
    thread = threading.Thread(target=ready, name="language-warm", daemon=True)
    thread.start()
    return thread


@lru_cache(maxsize=4)
def _door(config: ClientConfig) -> "Door":
    return Door(config)


def _name(said: str) -> str:
    """What a server calls its model, as any database can keep it."""
    return "".join(filter(str.isprintable, said))[:100]


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
        allowance: Allowance | None = None,
    ) -> Reply[Answer]:
        """Ask once; never longer than the deadline, never more than N at a time."""
        self._enter(prompt, allowance)
        longest = self.config.deadline_for(purpose)
        wait = min(deadline or longest, longest)
        began = time.monotonic()
        attempt = Attempt(
            purpose,
            lambda seconds: self._send(prompt, schema, seconds),
            seconds=wait,
            tries=self.config.tries,
            leave=self._places.release,
        )
        self._start(attempt)
        attempt.join(wait)
        return self._heard(attempt, schema, began)

    def _start(self, attempt: Attempt) -> None:
        try:
            attempt.start()
        except RuntimeError as error:  # a machine that has no thread left
            self._places.release()
            raise LanguageUnavailable("no_thread") from error

    def _enter(self, prompt: Prompt, allowance: Allowance | None) -> None:
        """Take a place at the bulkhead, or say at once why there is none."""
        if not self.config.configured:
            raise LanguageUnavailable("not_configured")
        if allowance and not allowance.covers(worst_case(prompt, self.config)):
            raise LanguageUnavailable("budget")
        if not self._breaker.allows(time.monotonic()):
            raise LanguageUnavailable("circuit_open")
        if not self._places.acquire(blocking=False):
            raise LanguageUnavailable("busy")

    def _heard(
        self, attempt: Attempt, schema: type[Answer], began: float
    ) -> Reply[Answer]:
        try:
            completion = attempt.result()
            value = read(completion, schema)
        except LanguageUnavailable:
            self._breaker.failed(time.monotonic())
            raise
        except LanguageRefused:
            self._breaker.succeeded()  # it is there, and in time
            raise
        self._breaker.succeeded()
        return Reply(
            value=value,
            model=_name(completion.model) or self.config.model[:100],
            latency_ms=round((time.monotonic() - began) * 1000),
            usage=completion.usage,
        )

    def _send(self, prompt: Prompt, schema: type[BaseModel], seconds: float) -> bytes:
        raw = self.client().chat.completions.with_raw_response.create(
            model=self.config.model,
            messages=prompt.messages(),
            response_format=strict_format(schema),
            max_tokens=self.config.max_tokens,
            temperature=0,
            store=False,
            timeout=seconds,
        )
        return raw.content

    def client(self) -> "OpenAI":
        """The SDK's client, built at the first call."""
        # Nothing pays for importing the SDK (about 2 s, 30 MB) before it is needed.
        from openai import OpenAI  # noqa: PLC0415

        from screening.language.transport import bounded_client  # noqa: PLC0415

        with self._building:
            if self._client is None:
                for name in TALKATIVE:
                    logging.getLogger(name).setLevel(logging.WARNING)
                self._client = OpenAI(
                    base_url=self.config.base_url,
                    api_key=self.config.key or "unused",
                    max_retries=0,  # further tries are ours: they know the deadline
                    timeout=self.config.longest,
                    http_client=self._http_client
                    or bounded_client(self.config.longest),
                )
            return self._client

    def close(self) -> None:
        """Hang up; for whoever makes doors of their own, as tests do."""
        if self._client is not None:
            self._client.close()
