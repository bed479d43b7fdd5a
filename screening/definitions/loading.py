"""Instruments and rules from their files, read once a process."""

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from screening.definitions.files import ROOT, name_of, read_json
from screening.domain.due import DuePolicy, build_policy
from screening.domain.flags import Rule, build_rules
from screening.domain.instruments import Instrument, build
from screening.domain.reading import DefinitionError, Reader
from screening.domain.rest import Rest, build_rest
from screening.domain.stepping_rules import StepRule, build_stepping

Instruments = dict[tuple[str, str], Instrument]


class DefinitionMissing(KeyError):
    """There is no such definition, said in a sentence."""

    def __str__(self) -> str:
        return str(self.args[0])


def text_files(root: Path) -> list[Path]:
    """Every instrument's text files; a folder without one is refused."""
    found: list[Path] = []
    if not (root / "instruments").is_dir():
        raise DefinitionError("instruments", "top", "there is no such folder")
    for folder in sorted((root / "instruments").iterdir()):
        texts = sorted(
            path for path in folder.glob("*.json") if path.name != "instrument.json"
        )
        if not texts:
            raise DefinitionError(
                name_of(folder, root), "top", "has no text in any language"
            )
        found += texts
    return found


def read_instrument(path: Path, root: Path) -> Instrument:
    """The instrument whose text is in this file, named as its folder and file say."""
    name = name_of(path, root)
    scoring = read_json(path.with_name("instrument.json"), root)
    instrument = build(scoring, read_json(path, root), file=name)
    if instrument.id != path.parent.name:
        raise DefinitionError(name, "id", f"stands in the folder {path.parent.name}")
    if instrument.language != path.stem:
        raise DefinitionError(name, "language", f"stands in the file {path.name}")
    return instrument


@lru_cache(maxsize=4)
def load_all(root: Path = ROOT) -> Instruments:
    """All instruments by (id, language); the first unsafe file stops it."""
    instruments = [read_instrument(path, root) for path in text_files(root)]
    return {(each.id, each.language): each for each in instruments}


def get(instrument_id: str, language: str) -> Instrument:
    """One instrument in one language."""
    try:
        return load_all()[instrument_id, language]
    except KeyError as error:
        languages = [lang for name, lang in load_all() if name == instrument_id]
        if languages:
            sentence = (
                f"The {instrument_id} exists here in {', '.join(languages)}, "
                f"not in {language}."
            )
        else:
            known = ", ".join(sorted({name for name, _ in load_all()}))
            sentence = f"There is no instrument {instrument_id!r}; there are {known}."
        raise DefinitionMissing(sentence) from error


@lru_cache(maxsize=4)
def flag_rules(root: Path = ROOT) -> tuple[Rule, ...]:
    """What raises a flag."""
    path = root / "rules" / "flags.json"
    return build_rules(read_json(path, root), file=name_of(path, root))


@lru_cache(maxsize=4)
def due_policy(root: Path = ROOT) -> DuePolicy:
    """By when each tier must have been looked at, before a clinic's own choice."""
    path = root / "rules" / "due.json"
    return build_policy(read_json(path, root), file=name_of(path, root))


@lru_cache(maxsize=4)
def step_rules(root: Path = ROOT) -> tuple[StepRule, ...]:
    """Which short forms lead on to longer ones, where a clinic wants that."""
    path = root / "rules" / "stepping.json"
    return build_stepping(read_json(path, root), file=name_of(path, root))


@lru_cache(maxsize=4)
def exit_target(root: Path = ROOT) -> str:
    """Where "leave this page" leads: an everyday page that says nothing about health."""
    path = root / "rules" / "exit.json"
    reader = Reader(read_json(path, root), name_of(path, root))
    reader.only("version", "about", "url")
    if urlsplit(reader.text("url")).scheme != "https":
        raise reader.refusal("must be an https address", "url")
    return reader.text("url")


@lru_cache(maxsize=4)
def rest(root: Path = ROOT) -> Rest:
    """How long a patient's page may rest, and from when on it warns."""
    path = root / "rules" / "rest.json"
    return build_rest(read_json(path, root), file=name_of(path, root))
