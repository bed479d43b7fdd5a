"""Reads pages as strictly as the HTML standard does."""

from functools import lru_cache

import html5lib
from html5lib.constants import E as MESSAGES


class NotHtml(AssertionError):
    """Says where a page breaks the rules of HTML."""


@lru_cache(maxsize=256)  # an error page comes again and again
def check_html(page: str) -> None:
    """Raises for parse errors in a whole page, or in a fragment of one."""
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
