"""A copy of the shipped definitions that a test may spoil."""

import json
import shutil

import pytest

from screening.definitions.files import ROOT


class Tree:
    """Definition files in a folder of their own."""

    def __init__(self, root):
        self.root = root

    def path(self, name):
        return self.root / name

    def read(self, name):
        return json.loads(self.path(name).read_text(encoding="utf-8"))

    def write(self, name, data):
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        text = data if isinstance(data, str) else json.dumps(data)
        self.path(name).write_text(text, encoding="utf-8")

    def change(self, name, path, value):
        """Set what stands at `path` (keys and indexes) in the file `name`."""
        data = self.read(name)
        place = data
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        self.write(name, data)


@pytest.fixture
def tree(tmp_path):
    for part in ("instruments", "rules", "connecting", "care"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return Tree(tmp_path)


@pytest.fixture
def page_file():
    """A good file of page texts."""

    def make(language="en", **pages):
        return {
            "id": "pages",
            "language": language,
            "version": "1",
            "review_state": "written by the project, not yet reviewed by a clinician",
            "reviewed_by": None,
            "reviewed_on": None,
            "sources": ["A guide"],
            "pages": pages or {"start": {"title": "Start", "points": ["One", "Two"]}},
        }

    return make
