"""Knows a page again that was looked at before, so that no look is taken twice."""

import json
import re

from playwright.sync_api import Page

# All that a look depends on: the page word for word, what is chosen, typed, focused and
# pointed at, where it is scrolled to, and how its reader's system has it shown.
LOOK = """() => {
  const all = [...document.querySelectorAll("*")];
  const states = [":hover", ":focus", ":focus-visible", ":checked", ":disabled",
    ":invalid", ":user-invalid", ":target", "dialog:modal", ":popover-open"];
  const asked = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)",
    "(forced-colors: active)", "(prefers-reduced-motion: reduce)"];
  return [
    document.documentElement.outerHTML,
    states.map((state) => all.flatMap((one, at) => one.matches(state) ? [at] : [])),
    all.map((one) => one.type !== "hidden" && typeof one.value === "string" ? one.value : 0),
    all.flatMap((one, at) => one.scrollTop || one.scrollLeft
      ? [[at, one.scrollTop, one.scrollLeft]] : []),
    [innerWidth, innerHeight, scrollX, scrollY, devicePixelRatio],
    asked.map((query) => matchMedia(query).matches),
    [...Object.keys(localStorage), ...Object.keys(sessionStorage)],
    document.getAnimations().length,
    all.filter((one) => one.shadowRoot || one.localName === "iframe").length,
  ];
}"""
# Keys, tokens and hidden values differ from one visit to the next and are never drawn.
# Each has a name of its own: two that are the same stay the same, two others others.
UNSEEN = re.compile(
    r'(?P<before>type="hidden" name="[\w.-]+" value="|/i/)(?P<value>[^"/]+)'
    r"|[0-9a-f]{8}-[0-9a-f-]{27}"
)


def look(page: Page) -> str:
    """The same text for two pages exactly if there is nothing between them to see."""
    names: dict[str, str] = {}

    def name(unseen: re.Match[str]) -> str:
        value = unseen["value"] or unseen[0]
        known = names.setdefault(value, f"unseen-{len(names)}")
        return f"{unseen['before'] or ''}{known}"

    html, *rest = page.evaluate(LOOK)
    return UNSEEN.sub(name, html) + json.dumps(rest)
