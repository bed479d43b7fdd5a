"""What breaks a profile, most of it without breaking FHIR: each spoils what fits."""

from typing import Any

from tests.conformance.breaks import (
    FORM,
    ITEM,
    PANEL,
    RESPONSE,
    TOTAL,
    Break,
    Json,
    with_,
    without,
)

SCREENING = "restated-us-core-observation-screening-assessment"
SDC = "restated-sdc-questionnaireresponse"
US_CORE = "restated-us-core-questionnaireresponse"
FORMS = "restated-sdc-questionnaire-extr-obsn"
PATIENT = "us-core-patient"
SDC_EXTENSIONS = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"
DECLINED = "declined.3"
LATER_SOURCE = (
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-QuestionnaireResponse.source"
)


def _category(code: str, system: str = "observation-category") -> Json:
    whole = f"http://terminology.hl7.org/CodeSystem/{system}"
    return {"coding": [{"system": whole, "code": code}]}


def _to(*references: str) -> list[Json]:
    return [{"reference": one} for one in references]


def _again(resource: Json) -> None:
    """The first question is answered under its linkId twice."""
    resource["item"].insert(0, resource["item"][0])


def _again_below(resource: Json) -> None:
    """As above, one level further down."""
    first = resource["item"][0]
    resource["item"] = [{"linkId": "group", "item": [first, first]}]


def _computed(resource: Json) -> None:
    """A question lists its answers, and computes them, too."""
    how = {"language": "text/fhirpath", "expression": "%resource.item.answer.value"}
    url = f"{SDC_EXTENSIONS}-answerExpression"
    resource["item"][1]["extension"].append({"url": url, "valueExpression": how})


def _instruction_observed(resource: Json) -> None:
    url = f"{SDC_EXTENSIONS}-observationExtract"
    shown = next(item for item in resource["item"] if item["type"] == "display")
    shown["extension"] = [{"url": url, "valueBoolean": True}]


def _unversioned(resource: Json) -> None:
    resource["questionnaire"] = resource["questionnaire"].partition("|")[0]


def _two_sources(resource: Json) -> None:
    source: dict[str, Any] = {"reference": "Device/1"}
    extension = {"url": LATER_SOURCE, "valueReference": source}
    resource["extension"] = [*resource.get("extension", []), extension]


SURVEY = _category("survey")
PROFILE_BREAKS: tuple[tuple[str, Break], ...] = tuple(
    (profile, Break(of, why, spoil))
    for profile, of, why, spoil in (
        (SCREENING, TOTAL, "no category", without("category")),
        (SCREENING, TOTAL, "another category than survey", with_([_category("laboratory")], "category")),
        (SCREENING, TOTAL, "survey in another code system", with_([_category("survey", "v3-ActCode")], "category")),
        (SCREENING, TOTAL, "survey twice", with_([SURVEY, SURVEY], "category")),
        (SCREENING, TOTAL, "no time at all", without("effectiveDateTime")),
        (SCREENING, TOTAL, "us-core-1: time to the month", with_("2026-03", "effectiveDateTime")),
        (SCREENING, TOTAL, "us-core-2: neither value nor reason", without("valueQuantity")),
        (SCREENING, DECLINED, "us-core-2: declined, and no reason", without("dataAbsentReason")),
        (SCREENING, PANEL, "us-core-2: panel without members", without("hasMember")),
        (SCREENING, TOTAL, "us-core-3: unit that is not of UCUM", with_("http://snomed.info/sct", "valueQuantity", "system")),
        (SCREENING, TOTAL, "no subject", without("subject")),
        (SCREENING, ITEM, "performer that is no person or body", with_(_to("Device/1"), "performer")),
        (SCREENING, PANEL, "member that is a patient", with_(_to("Patient/1"), "hasMember")),
        (SCREENING, TOTAL, "derived from a form", with_(_to("Questionnaire/1"), "derivedFrom")),
        (SDC, RESPONSE, "no questionnaire", without("questionnaire")),
        (SDC, RESPONSE, "questionnaire without its version", _unversioned),
        (SDC, RESPONSE, "no authored", without("authored")),
        (SDC, RESPONSE, "item without linkId", without("item", 0, "linkId")),
        (SDC, RESPONSE, "sdcqr-2: linkId answered twice", _again),
        (SDC, RESPONSE, "sdcqr-2: the same below a group", _again_below),
        (SDC, RESPONSE, "sdcqr-3: two sources", _two_sources),
        (US_CORE, RESPONSE, "no subject", without("subject")),
        (US_CORE, RESPONSE, "author that is a group", with_({"reference": "Group/1"}, "author")),
        (US_CORE, RESPONSE, "no authored", without("authored")),
        (US_CORE, RESPONSE, "questionnaire without its version", _unversioned),
        (FORMS, FORM, "no url", without("url")),
        (FORMS, FORM, "sdc-1: answers listed and computed", _computed),
        (FORMS, FORM, "sdc-obsn-1: an instruction as an Observation", _instruction_observed),
        (PATIENT, "case.patient", "no number", without("identifier")),
        (PATIENT, "case.patient", "no name", without("name")),
        (PATIENT, "case.patient", "no gender", without("gender")),
    )
)  # fmt: skip
