"""What a server sent: read strictly, whatever it is, or refused with a reason."""

from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

Answer = TypeVar("Answer", bound=BaseModel)


class Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class LanguageError(Exception):
    """No answer from a model; `reason` is a short code for the call's row.

    `billed` says whether the call may have cost something; `usage` is what the server
    said it took, if it said so.
    """

    def __init__(
        self, reason: str, *, billed: bool = False, usage: Usage | None = None
    ) -> None:
        super().__init__(reason)
        self.reason, self.billed, self.usage = reason, billed, usage


class LanguageUnavailable(LanguageError):
    """The model is off, busy, down, late, or said something that is no answer."""


class LanguageRefused(LanguageError):
    """The model declined to answer."""


class Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class Choice(BaseModel):
    message: Message
    finish_reason: str | None = None


class Completion(BaseModel):
    """Just as much of a completion as we read; all else is ignored."""

    choices: list[Choice] = Field(min_length=1)
    model: str = ""
    usage: Usage | None = None


def strict_format(schema: type[BaseModel]) -> Any:
    described: dict[str, Any] = schema.model_json_schema()
    return {
        "type": "json_schema",
        "json_schema": {"name": schema.__name__, "strict": True, "schema": described},
    }


def read(completion: Completion, schema: type[Answer]) -> Answer:
    """The answer, if the model gave one that fits the schema exactly."""
    choice, usage = completion.choices[0], completion.usage
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise LanguageRefused("refused", billed=True, usage=usage)
    if not choice.message.content:
        raise LanguageUnavailable("empty", billed=True, usage=usage)
    if choice.finish_reason == "length":
        raise LanguageUnavailable("cut_short", billed=True, usage=usage)
    try:
        return schema.model_validate_json(choice.message.content, strict=True)
    except ValidationError:
        # Not its own words: they hold what the model wrote.
        raise LanguageUnavailable("not_the_schema", billed=True, usage=usage) from None
