"""Reads pages as strictly as the HTML standard does."""

import re
from functools import lru_cache

import html5lib
from html5lib.constants import E as MESSAGES


class NotHtml(AssertionError):
    """Says where a page breaks the rules of HTML."""


# What differs between two views of a page and breaks no rule: words and long values
# without "&". A page is read again only when something else of it is new.
WORDS = re.compile(r">\s*[^<&\s][^<&]*<")
VALUES = re.compile(r'="[^"<&]{8,}"')


def check_html(page: str) -> None:
    """Raises for parse errors in a whole page, or in a fragment of one."""
    if not _is_html(VALUES.sub('="x"', WORDS.sub(">x<", page))):
        _read(page)


@lru_cache(maxsize=4096)
def _is_html(skeleton: str) -> bool:
    try:
        _read(skeleton)
    except NotHtml:
        return False
    return True


def _read(page: str) -> None:
    parser = html5lib.HTMLParser()
    if page.lstrip()[:9].lower() == "<!doctype":
        parser.parse(page)
    else:
        parser.parseFragment(page)
    if parser.errors:
        raise NotHtml("\n".join(_explain(page, error) for error in parser.errors))


def _explain(page: str, error: tuple[tuple[int, int], str, dict[str, str]]) -> str:
    (line, _column), code, values = error
    text = page.splitlines()[line - 1].strip() if page else ""
    return f"line {line}: {MESSAGES[code] % values}\n  {text}"
