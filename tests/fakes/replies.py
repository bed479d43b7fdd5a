"""Ready-made scripts for the scripted model: what it says, whatever it is asked."""

import json
from typing import Any

from tests.fakes.model_server import Script, completion


def reads(option: str, quote: str | None = None) -> Script:
    """Reads one option in every reply, quoting all of it unless told what to quote."""

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        data = json.loads(body["messages"][-1]["content"])
        said = data.get("reply", "") if quote is None else quote
        return completion(json.dumps({"option": option, "quote": said}))

    return answer


def says(text: str) -> Script:
    """Puts the same text into every field of whatever shape is asked for."""

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        wanted = body["response_format"]["json_schema"]["schema"]["properties"]
        content = {
            name: field["enum"][0] if "enum" in field else text
            for name, field in wanted.items()
        }
        return completion(json.dumps(content))

    return answer


def raw(content: str | None, **choice: Any) -> Script:
    """Sends this content as it is, fitting or not."""
    return lambda body: completion(content, **choice)
