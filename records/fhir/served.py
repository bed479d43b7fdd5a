"""Every resource type that the endpoint serves, and what a search for it may say."""

from records.fhir.subscription import OPERATIONS, PROFILE
from records.fhir.values import Interaction

_HL7 = "http://hl7.org/fhir/SearchParameter"
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"
READ, SEARCH, CREATE = "read", "search-type", "create"
UPDATE, DELETE = "update", "delete"
VREAD, HISTORY = "vread", "history-instance"
READ_AND_SEARCH = (READ, SEARCH)
WITH_HISTORY = (READ, VREAD, HISTORY, SEARCH)

Parameter = tuple[str, str, str]


def _own(resource: str, name: str, kind: str) -> Parameter:
    return name, kind, f"{_HL7}/{resource}-{name}"


def _clinical(name: str, kind: str) -> Parameter:
    """A parameter that HL7 defines once for many resource types."""
    return name, kind, f"{_HL7}/clinical-{name}"


ID: Parameter = ("_id", "token", f"{_HL7}/Resource-id")
UPDATED: Parameter = ("_lastUpdated", "date", f"{_HL7}/Resource-lastUpdated")

SERVED = (
    Interaction(
        resource="QuestionnaireResponse",
        codes=(CREATE, *WITH_HISTORY),
        conditional=True,
        search=(
            ID,
            UPDATED,
            _own("QuestionnaireResponse", "patient", "reference"),
            _own("QuestionnaireResponse", "subject", "reference"),
            _own("QuestionnaireResponse", "authored", "date"),
            _own("QuestionnaireResponse", "status", "token"),
            _own("QuestionnaireResponse", "questionnaire", "reference"),
            _own("QuestionnaireResponse", "identifier", "token"),
        ),
        includes=(
            "QuestionnaireResponse:patient",
            "QuestionnaireResponse:subject",
            "QuestionnaireResponse:questionnaire",
        ),
        revincludes=("Observation:derived-from", "Provenance:target"),
        profiles=(f"{_US_CORE}/us-core-questionnaireresponse",),
    ),
    Interaction(
        resource="Observation",
        codes=WITH_HISTORY,
        search=(
            ID,
            UPDATED,
            _clinical("patient", "reference"),
            _own("Observation", "subject", "reference"),
            _own("Observation", "category", "token"),
            _clinical("code", "token"),
            _clinical("date", "date"),
            _own("Observation", "status", "token"),
            _own("Observation", "derived-from", "reference"),
            _own("Observation", "has-member", "reference"),
        ),
        includes=(
            "Observation:derived-from",
            "Observation:has-member",
            "Observation:patient",
            "Observation:subject",
        ),
        revincludes=("Provenance:target",),
        profiles=(f"{_US_CORE}/us-core-observation-screening-assessment",),
    ),
    Interaction(
        resource="Patient",
        codes=READ_AND_SEARCH,
        search=(
            ID,
            UPDATED,
            _own("Patient", "identifier", "token"),
            ("birthdate", "date", f"{_HL7}/individual-birthdate"),
        ),
    ),
    Interaction(
        resource="Questionnaire",
        codes=(CREATE, *READ_AND_SEARCH),
        note="What was sent in is a draft, read and found by its id alone; any other "
        "search finds the questionnaires that are asked here, or were.",
        search=(
            ID,
            _own("Questionnaire", "url", "uri"),
            _own("Questionnaire", "version", "token"),
            _own("Questionnaire", "status", "token"),
            _own("Questionnaire", "identifier", "token"),
            _own("Questionnaire", "code", "token"),
            _own("Questionnaire", "title", "string"),
        ),
    ),
    Interaction(
        resource="ServiceRequest",
        codes=(CREATE, *READ_AND_SEARCH),
        conditional=True,
        search=(
            ID,
            UPDATED,
            _clinical("patient", "reference"),
            _own("ServiceRequest", "status", "token"),
            _own("ServiceRequest", "authored", "date"),
        ),
        includes=("ServiceRequest:patient",),
    ),
    Interaction(
        resource="Task",
        codes=(CREATE, *READ_AND_SEARCH),
        conditional=True,
        note="An order, which was sent in, is read and found by its id alone; any "
        "other search finds the reviews of results.",
        search=(
            ID,
            UPDATED,
            _own("Task", "patient", "reference"),
            _own("Task", "status", "token"),
            _own("Task", "authored-on", "date"),
        ),
        includes=("Task:patient", "Task:focus"),
    ),
    Interaction(
        resource="Flag",
        codes=READ_AND_SEARCH,
        search=(ID, UPDATED, _clinical("patient", "reference")),
        includes=("Flag:patient",),
    ),
    Interaction(
        resource="Communication",
        codes=READ_AND_SEARCH,
        search=(
            ID,
            UPDATED,
            _own("Communication", "patient", "reference"),
            _own("Communication", "status", "token"),
        ),
        includes=("Communication:patient",),
    ),
    Interaction(
        resource="Consent",
        codes=READ_AND_SEARCH,
        search=(
            ID,
            UPDATED,
            _clinical("patient", "reference"),
            _own("Consent", "status", "token"),
            _clinical("date", "date"),
        ),
        includes=("Consent:patient",),
    ),
    Interaction(
        resource="Provenance",
        codes=READ_AND_SEARCH,
        search=(
            ID,
            UPDATED,
            _own("Provenance", "target", "reference"),
            _own("Provenance", "recorded", "date"),
        ),
        includes=("Provenance:target",),
    ),
    Interaction(
        resource="AuditEvent",
        codes=READ_AND_SEARCH,
        search=(
            ID,
            UPDATED,
            _own("AuditEvent", "patient", "reference"),
            _own("AuditEvent", "date", "date"),
        ),
    ),
    Interaction(
        resource="Subscription",
        codes=(CREATE, UPDATE, DELETE, *READ_AND_SEARCH),
        operations=OPERATIONS,
        note="By topic, as the Subscriptions R5 Backport has it for R4: rest-hook, "
        "empty or id-only. A program finds its own alone. What a header says is never "
        "told again.",
        search=(
            ID,
            UPDATED,
            _own("Subscription", "status", "token"),
            _own("Subscription", "criteria", "string"),
            _own("Subscription", "url", "uri"),
        ),
        profiles=(PROFILE,),
    ),
)
