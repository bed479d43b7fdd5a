"""Drafts for the library's writes: a text together with what the checks say of it now."""

from screening.domain.wordings import Draft, Level
from screening.language import gating, tables, wording
from screening.language.wording import HelpText
from screening.models import Wording


def shipped(text: HelpText) -> Draft:
    """A text that came with the product."""
    judged = gating.shipped(text)
    return Draft(
        key=text.key,
        concept=text.concept,
        language=text.language,
        level=text.level or "",
        text=text.text,
        checksum=text.checksum,
        origin=Wording.Origin.SHIPPED,
        passed=judged.passed,
        verdicts=judged.verdicts,
        stamp=judged.stamp,
    )


def judged(row: Wording) -> gating.Judged:
    """What the checks of today say of a stored text."""
    return gating.again(
        row.text,
        row.concept,
        row.language,
        explains=not row.level,
        stamped=row.gate_stamp,
        said=row.verdicts,
    )


def of_row(row: Wording) -> Draft:
    """A text of the library, with the verdict of today's checks, not of its own day."""
    found = judged(row)
    return Draft(
        key=row.key,
        concept=row.concept,
        language=row.language,
        level=row.level,
        text=row.text,
        checksum=row.checksum,
        origin=row.origin,
        passed=found.passed,
        verdicts=found.verdicts,
        stamp=found.stamp,
    )


def paraphrase(
    text: str,
    *,
    concept: str,
    language: str,
    level: Level,
    origin: Wording.Origin,
    model: str = "",
    prompt_id: str = "",
    prompt_hash: str = "",
) -> Draft:
    """New words for what a concept's questions ask, from a person or a model."""
    tidy = " ".join(text.split())
    short = tables.short(language)
    judged = gating.paraphrase(tidy, concept, short)
    return Draft(
        key=wording.key(short, concept, level),
        concept=concept,
        language=short,
        level=level,
        text=tidy,
        checksum=wording.checksum(tidy, short),
        origin=origin,
        passed=judged.passed,
        verdicts=judged.verdicts,
        stamp=judged.stamp,
        model=model,
        prompt_id=prompt_id,
        prompt_hash=prompt_hash,
    )
