"""The items of a definition: scoring data and official text, joined item by item."""

from collections.abc import Mapping

from screening.domain.questionnaire import LOINC, Item, Option
from screening.domain.reading import Reader

ITEM_KEYS = (
    *("link_id", "number", "concept", "code", "display", "options", "scored"),
    *("required", "enable_when", "safety", "wordable", "code_in_panel", "languages"),
)
OPTION_SYSTEMS = (LOINC, "http://snomed.info/sct")
# Options and their answer list, by the name of their set ("frequency").
OptionSets = Mapping[str, tuple[tuple[Option, ...], str | None]]


def read_items(scoring: Reader, text: Reader) -> tuple[Item, ...]:
    """Every item of this language, with exactly the texts that it needs."""
    wanted = _wanted(scoring, text.text("language"))
    texts = _read_texts(text, "items", "link_id")
    options = _read_option_sets(wanted, scoring, text)
    items = tuple(_read_item(reader, texts, options, text) for reader in wanted)
    if texts:
        unknown = ", ".join(str(link_id) for link_id in texts)
        raise text.refusal(f"instrument.json has no such item: {unknown}", "items")
    return items


def _wanted(scoring: Reader, language: str) -> list[Reader]:
    readers = []
    seen: set[str] = set()
    for reader in scoring.children("items"):
        reader.only(*ITEM_KEYS)
        link_id = reader.text("link_id")
        if link_id in seen:
            raise reader.refusal(f"duplicate link id {link_id}", "link_id")
        seen.add(link_id)
        if reader.data["languages"] is None or language in reader.texts("languages"):
            readers.append(reader)
    if not readers:
        raise scoring.refusal("there is no item in this language", "items")
    return readers


def _read_item(
    reader: Reader, texts: dict[object, str], options: OptionSets, text: Reader
) -> Item:
    link_id = reader.text("link_id")
    if link_id not in texts:
        raise text.refusal(f"item {link_id} has no text", "items")
    choices, answer_list = options[reader.text("options")]
    return Item(
        link_id=link_id,
        number=reader.integer("number"),
        concept=reader.text("concept"),
        text=texts.pop(link_id),
        code=reader.maybe_text("code"),
        display=reader.maybe_text("display"),
        kind=reader.text("options"),
        options=choices,
        answer_list=answer_list,
        scored=reader.truth("scored"),
        required=reader.truth("required"),
        enable_when=reader.maybe_text("enable_when"),
        safety=reader.truth("safety"),
        wordable=reader.truth("wordable"),
        code_in_panel=reader.truth("code_in_panel"),
    )


def _read_texts(reader: Reader, key: str, name: str) -> dict[object, str]:
    """Texts by link id or value; the same one twice is refused."""
    texts: dict[object, str] = {}
    for child in reader.children(key):
        child.only(name, "text")
        key_read: object = child.integer(name) if name == "value" else child.text(name)
        if key_read in texts:
            raise child.refusal(f"{key_read} is there twice", name)
        texts[key_read] = child.text("text")
    return texts


def _read_option_sets(
    wanted: list[Reader], scoring: Reader, text: Reader
) -> OptionSets:
    sets = {}
    for item in wanted:
        name = item.text("options")
        for reader in (scoring.child("options"), text.child("options")):
            if name not in reader.data:
                raise reader.refusal(f"item {item.text('link_id')} needs it", name)
        sets[name] = _read_option_set(name, scoring, text)
    for name in text.child("options").data:
        if name not in sets:
            raise text.child("options").refusal("no item uses these options", name)
    return sets


def _read_option_set(
    name: str, scoring: Reader, text: Reader
) -> tuple[tuple[Option, ...], str | None]:
    reader = scoring.child("options").child(name)
    reader.only("answer_list", "code_system", "choices")
    system = reader.maybe_text("code_system")
    if system is not None and system not in OPTION_SYSTEMS:
        reason = f"is not one of: {', '.join(OPTION_SYSTEMS)}"
        raise reader.refusal(reason, "code_system")
    texts = _read_texts(text.child("options"), name, "value")
    options: list[Option] = []
    for child in reader.children("choices"):
        value = _read_value(child)
        if value in [option.value for option in options]:
            raise child.refusal(f"duplicate option value {value}", "value")
        if value not in texts:
            raise text.child("options").refusal(f"no text for value {value}", name)
        code = child.maybe_text("code")
        options.append(
            Option(
                value=value,
                text=texts.pop(value),
                code=code,
                code_system=None if code is None else system,
            )
        )
    if texts:
        unknown = ", ".join(str(value) for value in texts)
        reason = f"instrument.json has no option with value {unknown}"
        raise text.child("options").refusal(reason, name)
    return tuple(options), reader.maybe_text("answer_list")


def _read_value(reader: Reader) -> int:
    if reader.data.get("value") is None:
        raise reader.refusal("an option needs a value", "value")
    reader.only("value", "code")
    return reader.integer("value")
