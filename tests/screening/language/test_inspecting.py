"""The shipped rule files can all be used, and a fault names its place."""

import json
import subprocess
import sys

import pytest

from screening.language import inspecting, tables


def test_problems_none_in_what_is_shipped():
    assert inspecting.problems() == []


@pytest.mark.parametrize(
    "name", ["crisis", "interpret", "gate", "questions", "explanations"]
)
@pytest.mark.parametrize("language", tables.LANGUAGES)
def test_every_rule_file_says_version_source_and_review_state(name, language):
    content = json.loads((tables.DATA / f"{name}.{language}.json").read_text())
    assert content["reviewed"] is None
    assert "not yet reviewed" in content["review_state"]
    assert content["version"]
    assert content["source"]


def test_importing_the_layer_does_not_import_the_sdk():
    """The SDK costs two seconds and 30 MB: only a clinic with a model pays."""
    code = (
        "import sys, screening.language.clarify as c; "
        "sys.exit('openai' in sys.modules or 'httpx2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
