"""Reads pages as strictly as the HTML standard does, and as the house's own rules do."""

from functools import lru_cache

import html5lib
from html5lib.constants import E as MESSAGES

from tests.support.markup import faults


class NotHtml(AssertionError):
    """Says where a page breaks the rules of HTML, or our own."""


@lru_cache(maxsize=256)  # an error page comes again and again
def check_html(page: str) -> None:
    """Raises for what is wrong with a whole page, or with a fragment of one."""
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
