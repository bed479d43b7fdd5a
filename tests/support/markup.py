"""Page-wide rules that a page's HTML alone can break: names, labels, groups, ways out."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

CONTROLS = ("input", "select", "textarea")
# They show their own words, or are never seen.
NO_LABEL = {"hidden", "submit", "button", "reset", "image"}
GROUPED = ("radio",)
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "form", "headers", "list")
REAL_BUTTONS = ("a", "button", "input", "summary")
STATES = {"tag", "tier", "status", "overdue"}
WRONG = {"field--wrong", "fieldset--wrong"}


@dataclass(frozen=True)
class Markup:
    """A page as a tree, with what the rules ask of it. A part of a page is not whole."""

    root: Element
    whole: bool

    @cached_property
    def all(self) -> list[Element]:
        return elements(self.root)

    @cached_property
    def parents(self) -> dict[Element, Element]:
        return {child: parent for parent in self.all for child in parent}

    @cached_property
    def ids(self) -> Counter[str]:
        return Counter(one.get("id", "") for one in self.all if "id" in one.attrib)

    @cached_property
    def patients(self) -> bool:
        """Whether this is a page for patients; the frame of each side says so."""
        body = self.first("body")
        return body is not None and "patient" in classes(body)

    def named(self, *tags: str) -> Iterator[Element]:
        """Every element with one of these names."""
        return (one for one in self.all if kind(one) in tags)

    def above(self, one: Element) -> Iterator[Element]:
        """What an element stands in, the nearest first."""
        while one in self.parents:
            one = self.parents[one]
            yield one

    def first(self, tag: str) -> Element | None:
        return next(self.named(tag), None)


def elements(within: Element) -> list[Element]:
    """An element and all in it; a comment's name is a function, and left out."""
    return [one for one in within.iter() if not str(one.tag).startswith("<")]


def kind(one: Element) -> str:
    """The element's name; a drawing's has its namespace before it."""
    return str(one.tag).rpartition("}")[2]


def text(one: Element | None) -> str:
    """The words of an element, its pictures' included."""
    if one is None:
        return ""
    pictures = " ".join(part.get("alt", "") for part in one.iter("img"))
    words = f"{''.join(one.itertext())} {pictures} {one.get('aria-label', '')}"
    return " ".join(words.split())


def classes(one: Element) -> set[str]:
    return set(one.get("class", "").split())


def where(one: Element) -> str:
    """An element as a reader of the report would look for it."""
    shown = "".join(
        f' {name}="{one.get(name)}"'
        for name in ("id", "name", "class")
        if one.get(name)
    )
    return f"<{kind(one)}{shown}>"


def language(page: Markup) -> Iterator[str]:
    html = page.first("html")
    if page.whole and (html is None or not html.get("lang")):
        yield "the page does not say its language"
    elif page.whole and html is not None and page.patients and not html.get("dir"):
        yield "a patient's page does not say which way it is written"


def title(page: Markup) -> Iterator[str]:
    if page.whole and not text(page.first("title")).strip(" –"):
        yield "the page has no title"
    own = text(page.first("title")).partition("–")[0].strip()
    if page.whole and page.first("title") is not None and not own:
        yield "the title does not say which page it is"


def heading(page: Markup) -> Iterator[str]:
    headings = [text(one) for one in page.named("h1")]
    if page.whole and (len(headings) != 1 or not headings[0]):
        yield f"the page has not one heading of its own: {headings}"


def zoom(page: Markup) -> Iterator[str]:
    views = [m for m in page.named("meta") if m.get("name") == "viewport"]
    if page.whole and not views:
        yield "the page does not fit itself to the screen"
    for view in views:
        said = view.get("content", "")
        if "user-scalable" in said or "maximum-scale" in said:
            yield f"the page cannot be enlarged: {said}"


def identifiers(page: Markup) -> Iterator[str]:
    for name, count in page.ids.items():
        if count > 1:
            yield f"the id {name!r} is there {count} times"
    if not page.whole:
        return
    for one in page.all:
        for attribute in REFERENCES:
            for name in one.get(attribute, "").split():
                if not page.ids[name]:
                    yield f"{where(one)} points to #{name}, which is not there"


def order(page: Markup) -> Iterator[str]:
    for one in page.all:
        if one.get("tabindex", "0") not in ("0", "-1"):
            yield f"{where(one)} jumps the order of keys"


def labels(page: Markup) -> Iterator[str]:
    labelled = {
        one.get("for") for one in page.named("label") if one.get("for") and text(one)
    }
    for one in page.named(*CONTROLS):
        inside = any(up.tag == "label" and text(up) for up in page.above(one))
        said = one.get("aria-label") or one.get("aria-labelledby")
        unseen = one.get("type") in NO_LABEL or "hidden" in one.attrib
        if not (unseen or inside or said or one.get("id") in labelled):
            yield f"{where(one)} has no label"


def names(page: Markup) -> Iterator[str]:
    for one in page.named("a", "button", "summary"):
        if not text(one) and not one.get("aria-labelledby"):
            yield f"{where(one)} has no words"


def pictures(page: Markup) -> Iterator[str]:
    for one in page.named("img", "svg", "canvas"):
        hidden = one.get("aria-hidden") == "true"
        behind = (up for up in page.above(one) if up.get("aria-label"))
        within = any(up.get("role") == "img" for up in behind)
        said = "alt" in one.attrib if one.tag == "img" else one.get("aria-label")
        described = one.get("aria-labelledby") or any(
            kind(part) == "title" for part in one.iter()
        )
        if not (hidden or within or said or described):
            yield f"{where(one)} is a picture that nobody described"


def groups(page: Markup) -> Iterator[str]:
    lone = set()
    for one in page.named("input"):
        if one.get("type") in GROUPED and not any(map(_asks, page.above(one))):
            lone.add(one.get("name"))
    for name in sorted(map(str, lone)):
        yield f"the choices of {name!r} do not stand under their question"


def _asks(one: Element) -> bool:
    if one.tag == "fieldset":
        first = next((part for part in elements(one) if part is not one), None)
        return first is not None and first.tag == "legend" and bool(text(first))
    group = one.get("role") in ("radiogroup", "group")
    return group and bool(one.get("aria-label") or one.get("aria-labelledby"))


def buttons(page: Markup) -> Iterator[str]:
    for one in page.all:
        pressed = "button" in classes(one) or one.get("role") == "button"
        if pressed and one.tag not in REAL_BUTTONS:
            yield f"{where(one)} looks like a button and is none"
        if one.tag == "a" and "href" not in one.attrib:
            yield f"{where(one)} is a link to nowhere: no key reaches it"


def errors(page: Markup) -> Iterator[str]:
    if not page.whole:
        return
    told = {
        name
        for one in page.all
        if one.tag in (*CONTROLS, "fieldset")
        for name in one.get("aria-describedby", "").split()
    }
    for one in page.all:
        if {"error", "errorlist"} & classes(one) and text(one):
            ids = {up.get("id") for up in (one, *page.above(one))}
            if not ids & told and one.get("role") != "alert":
                yield f"the error {text(one)!r} is tied to no field"
        if one.get("aria-invalid") == "true":
            around = (one, *page.above(one))
            if not any(up.get("aria-describedby") for up in around):
                yield f"{where(one)} is wrong and does not say why"


def colour(page: Markup) -> Iterator[str]:
    for one in page.all:
        if STATES & classes(one) and not text(one):
            yield f"{where(one)} says something by its colour alone"
        said = (text(part) for part in one.iter() if "error" in classes(part))
        if WRONG & classes(one) and not any(said):
            yield f"{where(one)} is marked wrong by its colour alone"


def ways_out(page: Markup) -> Iterator[str]:
    if not page.whole or not page.patients:
        return
    links = {one.get("href"): text(one) for one in page.named("a")}
    for href in ("/help/", "/exit/"):
        if not links.get(href):
            yield f"a patient's page has no link to {href}"


def announced(page: Markup) -> Iterator[str]:
    """What is swapped in without a new page is told to who cannot see it."""
    swapped = [one for one in page.all if one.get("data-hx-boost") == "true"]
    regions = [one for one in page.all if one.get("role") == "status"]
    inside = {part for one in swapped for part in one.iter()}
    if page.whole and swapped and not [one for one in regions if one not in inside]:
        yield "the page changes in place and has no quiet status line outside of it"


Rule = Callable[[Markup], Iterator[str]]
RULES: tuple[Rule, ...] = (
    *(language, title, heading, zoom, identifiers, order, labels, names, pictures),
    *(groups, buttons, errors, colour, ways_out, announced),
)


def faults(root: Element, *, whole: bool) -> list[str]:
    """Every rule that a page breaks, as "rule: what and where"."""
    page = Markup(root, whole)
    return [f"{rule.__name__}: {found}" for rule in RULES for found in rule(page)]
