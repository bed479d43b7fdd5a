"""Where answers and results come from, down to what a language model worded."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from records.fhir import parts
from records.fhir.values import Concept, Identifier, Subject

TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
LIFECYCLE = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
RESPONSE, RESULTS, RETRACTION = "response", "results", "retraction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A model that worded something a patient was shown, or read something typed."""

    model: str
    did: Concept


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """A questionnaire whose words stood on the page for some of the answers, where the
    form has others: `form` is its id, `words` say which items and in what language."""

    form: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """How one version of one administration came to be.

    `by`: the member of staff who entered or changed it; None: the patient answered.
    `revision` is that of the answers: 1 as submitted. `in_error`: why all of it was
    marked as entered in error, where this tells of that.
    """

    administration: UUID
    subject: Subject
    clinic: Identifier
    software: str
    recorded_at: datetime
    changed_at: datetime
    observations: tuple[str, ...]
    by: Identifier | None = None
    by_patient: bool = True
    worded: tuple[Worded, ...] = ()
    read_as: tuple[ReadAs, ...] = ()
    revision: int = 1
    in_error: Concept | None = None
    test_data: bool = False


def provenances(origin: Origin) -> list[parts.Json]:
    """Of the answers, and of what the program worked out from them."""
    if origin.in_error is not None:
        return [_of_retraction(origin, origin.in_error)]
    return [_of_response(origin), _of_results(origin)]


def provenance_id(administration: UUID, what: str, revision: int) -> str:
    """The administration's id, what of it, and which amendment it was."""
    return f"{administration}.{what}-{revision}"


def _of_response(origin: Origin) -> parts.Json:
    devices = [_device(n, one) for n, one in enumerate(origin.worded, 1)]
    agents = [
        _author(origin),
        *(_model(n, one, origin) for n, one in _numbered(origin)),
    ]
    return _made(
        origin,
        RESPONSE,
        contained=devices,
        target=[_response(origin)],
        agent=agents,
        entity=[_read(one) for one in origin.read_as],
    )


def _read(one: ReadAs) -> parts.Json:
    what = parts.reference("Questionnaire", one.form)
    return {"role": "source", "what": what | {"display": one.words}}


def _of_results(origin: Origin) -> parts.Json:
    """Scored by plain code: no person, and never a model."""
    software = {
        "type": _agent_type("assembler", "Assembler"),
        "who": {"reference": "#software"},
        "onBehalfOf": _clinic(origin),
    }
    device = {
        "resourceType": "Device",
        "id": "software",
        "deviceName": [{"name": origin.software, "type": "user-friendly-name"}],
    }
    return _made(
        origin,
        RESULTS,
        contained=[device],
        target=[parts.reference("Observation", one) for one in origin.observations],
        agent=[software],
        entity=[{"role": "source", "what": _response(origin)}],
    )


def _of_retraction(origin: Origin, why: Concept) -> parts.Json:
    """One for all of it: a person said that answers and results are in error."""
    results = [parts.reference("Observation", one) for one in origin.observations]
    return _made(
        origin,
        RETRACTION,
        target=[_response(origin), *results],
        reason=[parts.concept(why)],
        agent=[_author(origin)],
    )


def _made(origin: Origin, what: str, **members: object) -> parts.Json:
    meta = parts.present(
        lastUpdated=parts.instant(origin.changed_at),
        tag=parts.tags(there=origin.test_data),
    )
    code, display = _did(origin)
    activity = {"system": LIFECYCLE, "code": code, "display": display}
    return parts.versioned(
        parts.present(
            resourceType="Provenance",
            id=provenance_id(origin.administration, what, origin.revision),
            meta=meta,
            recorded=parts.instant(origin.recorded_at),
            activity={"coding": [activity]},
            **members,
        )
    )


def _did(origin: Origin) -> tuple[str, str]:
    if origin.in_error is not None:
        return "NULLIFY", "nullify"
    return ("CREATE", "create") if origin.revision == 1 else ("UPDATE", "revise")


def _response(origin: Origin) -> parts.Json:
    return parts.reference("QuestionnaireResponse", str(origin.administration))


def _author(origin: Origin) -> parts.Json:
    """Whoever said it, or wrote it down; the clinic where nobody knows who."""
    if origin.by is not None:
        return {
            "type": _agent_type("author", "Author"),
            "who": parts.staff(origin.by),
            "onBehalfOf": _clinic(origin),
        }
    if origin.by_patient:
        return {
            "type": _agent_type("author", "Author"),
            "who": parts.subject(origin.subject),
        }
    return {"type": _agent_type("enterer", "Enterer"), "who": _clinic(origin)}


def _numbered(origin: Origin) -> list[tuple[int, Worded]]:
    return list(enumerate(origin.worded, 1))


def _device(number: int, worded: Worded) -> parts.Json:
    return {
        "resourceType": "Device",
        "id": f"model-{number}",
        "deviceName": [{"name": worded.model, "type": "model-name"}],
        "type": {"text": "Language model"},
    }


def _model(number: int, worded: Worded, origin: Origin) -> parts.Json:
    return {
        "type": _agent_type("assembler", "Assembler"),
        "role": [parts.concept(worded.did)],
        "who": {"reference": f"#model-{number}"},
        "onBehalfOf": _clinic(origin),
    }


def _clinic(origin: Origin) -> parts.Json:
    return {"type": "Organization", "identifier": parts.identifier(origin.clinic)}


def _agent_type(code: str, display: str) -> parts.Json:
    return {"coding": [{"system": TYPES, "code": code, "display": display}]}
