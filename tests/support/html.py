"""Reads pages as strictly as the HTML standard does, and as the house's own rules do."""

import re
from functools import lru_cache

import html5lib
from html5lib.constants import E as MESSAGES

from tests.support.markup import faults


class NotHtml(AssertionError):
    """Says where a page breaks the rules of HTML, or our own."""


# What differs between two views of a page and breaks no rule: words, and long values
# that no rule looks at, without "&"; and which keys its rows have. A page is read again
# only when something else of it is new.
WORDS = re.compile(r"(?<!title)>\s*[^<&\s][^<&]*<")
VALUES = re.compile(
    r'\b(value|nonce|action|href|src|datetime|data-[\w-]+)="[^"<&]{8,}"'
)
KEYS = re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b")


def check_html(page: str) -> None:
    """Raises for what is wrong with a whole page, or with a fragment of one."""
    if not _is_good(_skeleton(page)):
        _read(page)


def _skeleton(page: str) -> str:
    keys: dict[str, str] = {}
    bare = VALUES.sub(r'\1="x"', WORDS.sub(">x<", page))
    # Two rows stay two rows: each key has a name of its own.
    return KEYS.sub(lambda key: keys.setdefault(key[0], f"key{len(keys)}"), bare)


@lru_cache(maxsize=4096)
def _is_good(skeleton: str) -> bool:
    try:
        _read(skeleton)
    except NotHtml:
        return False
    return True


def _read(page: str) -> None:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    whole = page.lstrip()[:9].lower() == "<!doctype"
    root = parser.parse(page) if whole else parser.parseFragment(page)
    found = [_explain(page, error) for error in parser.errors]
    if found := [*found, *faults(root, whole=whole)]:
        raise NotHtml("\n".join(found))


def _explain(page: str, error: tuple[tuple[int, int], str, dict[str, str]]) -> str:
    (line, _column), code, values = error
    text = page.splitlines()[line - 1].strip() if page else ""
    return f"line {line}: {MESSAGES[code] % values}\n  {text}"
