"""A finished result as an HL7 v2.5.1 message (ORU^R01), and what a receiver answers."""

from datetime import UTC, datetime
from decimal import Decimal

from records.fhir.parts import last_changed, number
from records.fhir.values import (
    Administration,
    Concept,
    Finding,
    Item,
    Measure,
    PatientRecord,
)

# The delimiters, and how each is written where it is not one.
_ESCAPES = {
    "\\": "\\E\\",
    "|": "\\F\\",
    "^": "\\S\\",
    "&": "\\T\\",
    "~": "\\R\\",
}
LOINC = "http://loinc.org"
FINAL, CORRECTED, NO_RESULT = "F", "C", "X"
# Of table 0085: what was sent before is wrong, as if it had been of another patient.
# Table 0123, for the whole report, has no such code: there it is a correction.
WRONG = "W"
MOVED = (
    "The patient's record was merged, parted or renumbered after this was sent. "
    "It is a result of the patient named here, and of no other."
)
_DATE_DIGITS = 8


def oru_r01(
    administration: Administration,
    record: PatientRecord,
    *,
    control_id: str,
    sender: str,
    at: datetime,
) -> str:
    """One message for one result. The same `control_id` says that it is the same."""
    segments = [
        _msh(administration, control_id=control_id, sender=sender, at=at),
        _pid(record),
        _obr(administration),
        *_notes(administration),
    ]
    for item in administration.items:
        segments += _item(item, len(_of(segments, "OBX")) + 1, administration)
    for measure in administration.measures:
        segments += _measure(measure, len(_of(segments, "OBX")) + 1, administration)
    if administration.finding:
        number_ = len(_of(segments, "OBX")) + 1
        segments += _finding(administration.finding, number_, administration)
    if administration.no_total:
        segments.append(_segment("NTE", "1", "", text(administration.no_total)))
    return "\r".join(segments) + "\r"


def acknowledged(answer: bytes) -> tuple[str, str]:
    """Read an acknowledgement: its code, and the control id that it is about."""
    for segment in answer.decode("utf-8", "replace").replace("\n", "\r").split("\r"):
        fields = segment.strip().split("|")
        if fields[0] == "MSA" and len(fields) > 2:
            return fields[1], fields[2]
    return "", ""


def text(value: str) -> str:
    """Words that may hold a delimiter, as the format writes them."""
    return "".join(_ESCAPES.get(sign) or _plain(sign) for sign in value)


def _plain(sign: str) -> str:
    """A control sign as its number: two of them frame a message on the way."""
    return f"\\X{ord(sign):02X}\\" if sign < " " else sign


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%d%H%M%S}+0000"


def _of(segments: list[str], name: str) -> list[str]:
    return [one for one in segments if one.startswith(f"{name}|")]


def _segment(name: str, *fields: str) -> str:
    return "|".join([name, *fields]).rstrip("|")


def _msh(
    administration: Administration, *, control_id: str, sender: str, at: datetime
) -> str:
    processing = "T" if administration.test_data else "P"
    return _segment(
        *("MSH", "^~\\&", "CHECK-IN", text(sender), "", "", moment(at), ""),
        *("ORU^R01^ORU_R01", text(control_id), processing, "2.5.1"),
        *("", "", "AL", "NE", "", "UNICODE UTF-8"),
    )


def _pid(record: PatientRecord) -> str:
    numbers = "~".join(
        f"{text(one.value)}^^^{text(_authority(one.system))}^MR"
        for one in record.identifiers
    )
    name = f"{text(record.family_name)}^{text(record.given_name)}"
    born = record.birth_date.replace("-", "")[:_DATE_DIGITS]
    return _segment(
        "PID", "1", "", numbers or f"{record.id}^^^CHECK-IN^PI", "", name, "", born
    )


def _authority(system: str) -> str:
    """The last part of an address: a component is short, and no place for a link."""
    return system.rstrip("/").rpartition("/")[2].rpartition(":")[2]


def _obr(administration: Administration) -> str:
    answered = moment(administration.answered)
    changed = moment(last_changed(administration))
    corrects = administration.amended_at or administration.moved_at
    status = CORRECTED if corrects or administration.retracted else FINAL
    return _segment(
        *("OBR", "1", "", f"{administration.id}^CHECK-IN"),
        *(_coded(administration.panel), "", "", answered, *[""] * 14),
        *(changed, "", "", status),
    )


def _notes(administration: Administration) -> list[str]:
    """What a person has to know of all that follows."""
    said = []
    if administration.retracted:
        why = administration.retracted.why.text.rstrip(".")
        said.append(f"Entered in error: {why}. Do not use this result.")
    if administration.moved_at:
        said.append(MOVED)
    return [
        _segment("NTE", str(place), "", text(note))
        for place, note in enumerate(said, start=1)
    ]


def _obx(
    number_: int,
    kind: str,
    code: Concept,
    value: str,
    *,
    unit: str = "",
    status: str,
    at: datetime,
) -> str:
    return _segment(
        *("OBX", str(number_), kind if value else "", _coded(code), "1", value),
        *(f"{unit}^^UCUM" if unit and value else "", "", "", "", "", status),
        *("", "", moment(at)),
    )


def _item(item: Item, number_: int, administration: Administration) -> list[str]:
    choice = item.choice
    made = _obx(
        number_,
        "CWE",
        item.concept,
        _coded(choice.concept) if choice else "",
        status=_status(administration, known=bool(choice), of=item),
        at=administration.answered,
    )
    if choice is None:
        why = "Asked, and declined." if item.declined else "Not asked."
        return [made, _segment("NTE", "1", "", why)]
    return [made]


def _measure(
    measure: Measure, number_: int, administration: Administration
) -> list[str]:
    known = measure.value is not None
    made = [
        _obx(
            number_,
            "NM",
            measure.concept,
            _number(measure.value) if measure.value is not None else "",
            unit=measure.unit,
            status=_status(administration, known=known),
            at=administration.answered,
        )
    ]
    notes = [measure.band.text if measure.band else "", measure.prorated or ""]
    if not known:
        notes = ["No longer known: an answer that this rested on was put right."]
    said = [note for note in notes if note]
    return made + [
        _segment("NTE", str(place), "", text(note))
        for place, note in enumerate(said, start=1)
    ]


def _finding(
    finding: Finding, number_: int, administration: Administration
) -> list[str]:
    value = _coded(finding.value) if finding.value else ""
    return [
        _obx(
            number_,
            "CWE",
            finding.concept,
            value,
            status=_status(administration, known=bool(value)),
            at=administration.answered,
        )
    ]


def _status(
    administration: Administration, *, known: bool, of: Item | None = None
) -> str:
    """`of`: the answer that it is about; all else rests on every answer."""
    if administration.retracted:
        return WRONG
    if not known:
        return NO_RESULT
    amended = (of or administration).amended_at
    return CORRECTED if amended or administration.moved_at else FINAL


def _number(value: Decimal | int) -> str:
    return str(number(value))


def _coded(concept: Concept) -> str:
    """Code, words, system: LOINC's are LN, our own are local."""
    system = "LN" if concept.coding.system == LOINC else "L"
    return f"{text(concept.coding.code)}^{text(concept.text)}^{system}"
