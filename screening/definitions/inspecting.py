"""Every fault of the definitions at once, for `manage.py check` and at start."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ParamSpec, TypeVar

from screening.definitions.care import Care, read_care, reading_offers
from screening.definitions.files import ROOT, name_of
from screening.definitions.languages import languages
from screening.definitions.lines import read_lines
from screening.definitions.loading import (
    Instruments,
    due_policy,
    exit_target,
    flag_rules,
    read_instrument,
    rest,
    step_rules,
    text_files,
)
from screening.definitions.texts import read_connecting, read_pages
from screening.domain.flags import check_rules
from screening.domain.reading import DefinitionError
from screening.domain.stepping_rules import check_stepping

Given = ParamSpec("Given")
Loaded = TypeVar("Loaded")


def problems(root: Path | None = None) -> list[DefinitionError]:
    """What is wrong with the definitions under `root`; nothing means all are safe."""
    root = root or ROOT
    findings = _Findings()
    instruments: Instruments = {}
    for path in findings.attempt(text_files, root) or ():
        instrument = findings.attempt(read_instrument, path, root)
        if instrument is not None:
            instruments[instrument.id, instrument.language] = instrument
    rules = findings.attempt(flag_rules, root)
    if rules is not None:
        file = "rules/flags.json"
        findings += check_rules(rules, instruments.values(), file=file)
    stepping = findings.attempt(step_rules, root)
    if stepping is not None:
        file = "rules/stepping.json"
        findings += check_stepping(stepping, instruments.values(), file=file)
    findings.attempt(due_policy, root)
    findings.attempt(exit_target, root)
    findings.attempt(rest, root)
    if findings.attempt(languages, root) is not None:
        findings.attempt(read_lines, root)
    _inspect_pages(root, findings)
    _inspect_connecting(root, findings)
    _inspect_care(root, instruments, findings)
    return findings


class _Findings(list[DefinitionError]):
    """The refusals so far."""

    def attempt(
        self,
        read: Callable[Given, Loaded],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Loaded | None:
        """What `read` gives; a refusal is kept instead of raised."""
        try:
            return read(*args, **kwargs)
        except DefinitionError as error:
            self.append(error)
            return None


def _inspect_pages(root: Path, findings: _Findings) -> None:
    """Each language must say everything that another one says."""
    said = {}
    for path in sorted((root / "pages").glob("*.json")):
        texts = findings.attempt(read_pages, path, root)
        if texts is not None:
            said[name_of(path, root)] = {
                f"pages.{page}.{part}"
                for page, parts in texts.items()
                for part in parts
            }
    _same_everywhere(said, findings)


def _inspect_care(root: Path, instruments: Instruments, findings: _Findings) -> None:
    """Each language of the pages has its help texts, and they lack nothing."""
    languages = [path.stem for path in sorted((root / "pages").glob("*.json"))]
    known = {}
    for language in languages:
        path = root / "care" / f"{language}.json"
        texts = findings.attempt(read_care, path, root)
        if texts is not None:
            known[name_of(path, root)] = texts
    _same_everywhere({f: _places(texts) for f, texts in known.items()}, findings)
    offered = {instrument.id for instrument in instruments.values()}
    for offer in findings.attempt(reading_offers, root) or ():
        lacking = [
            file for file, texts in known.items() if offer.topic not in texts.topics
        ]
        reasons = [f"no such topic in {file}" for file in lacking]
        reasons += [f"no instrument {n}" for n in offer.after if n not in offered]
        for reason in reasons:
            place = f"offers {offer.topic}"
            findings.append(DefinitionError("rules/reading.json", place, reason))


def _places(texts: Care) -> set[str]:
    asked = {f"asked.{name}" for name in texts.asked}
    return asked | {f"topics.{name}" for name in texts.topics}


def _same_everywhere(said: Mapping[str, set[str]], findings: _Findings) -> None:
    everything = set().union(*said.values())
    for file, here in said.items():
        for place in sorted(everything - here):
            findings.append(DefinitionError(file, place, "another language has it"))


def _inspect_connecting(root: Path, findings: _Findings) -> None:
    """Whoever speaks a language of the page texts is led on in it, too."""
    folder = root / "connecting"
    if not folder.is_dir():
        return
    for path in sorted((root / "pages").glob("*.json")):
        findings.attempt(read_connecting, folder / path.name, root)
