"""What a server sent: read strictly, whatever it is, or refused with a reason."""

from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

Answer = TypeVar("Answer", bound=BaseModel)


class LanguageError(Exception):
    """No answer from a model; `reason` is a short code for the call's row."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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


class Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


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
    choice = completion.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise LanguageRefused("refused")
    if not choice.message.content:
        raise LanguageUnavailable("empty")
    if choice.finish_reason == "length":
        raise LanguageUnavailable("cut_short")
    try:
        return schema.model_validate_json(choice.message.content, strict=True)
    except ValidationError:
        raise LanguageUnavailable("not_the_schema") from None
