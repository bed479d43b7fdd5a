"""The API's description as a page shows it: operations, parameters, answers, examples."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may stand in the address or in a header."""

    name: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, with its code and an example."""

    code: str
    text: str
    example: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be done."""

    id: str
    method: str
    path: str
    summary: str
    scope: str
    parameters: Sequence[Parameter]
    body: str
    answers: Sequence[Answer]


def page(document: Json, *, base: str) -> dict[str, Any]:
    """What the page shows."""
    return {
        "title": document["info"]["title"],
        "about": document["info"]["description"],
        "base": base,
        "operations": list(_operations(document)),
    }


def _operations(document: Json) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield _operation(path, method, methods[method])


def _operation(path: str, method: str, told: Json) -> Operation:
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        scope=told["description"].partition("`")[2].partition("`")[0],
        parameters=[
            Parameter(one["name"], one["in"], one.get("description", ""))
            for one in told.get("parameters", [])
        ],
        body=_example(told.get("requestBody", {}).get("content", {})),
        answers=[
            Answer(code, answer["description"], _example(answer.get("content", {})))
            for code, answer in sorted(told["responses"].items())
        ],
    )


def _example(content: Json) -> str:
    """The first example, as it would be sent."""
    for media in content.values():
        for example in media.get("examples", {}).values():
            return json.dumps(example["value"], indent=2, ensure_ascii=False)
    return ""
