"""Which parts of a resource a summary holds, and what a reader chose of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from records.fhir.parts import Json


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# FHIR R4 marks these in each type's own page; what we never send is left out.
SUMMARY: Mapping[str, frozenset[str]] = {
    "QuestionnaireResponse": _names(
        "identifier basedOn partOf questionnaire status subject encounter authored "
        "author source"
    ),
    "Observation": _names(
        "identifier basedOn partOf status code subject focus encounter "
        "effectiveDateTime issued performer valueQuantity valueCodeableConcept "
        "valueString valueInteger hasMember derivedFrom component"
    ),
    "Patient": _names(
        "identifier active name telecom gender birthDate deceasedBoolean "
        "deceasedDateTime address managingOrganization link"
    ),
    "Questionnaire": _names(
        "url identifier version name title status experimental subjectType date "
        "publisher contact useContext jurisdiction effectivePeriod code"
    ),
    "ServiceRequest": _names(
        "identifier instantiatesCanonical basedOn status intent category priority "
        "doNotPerform code subject encounter occurrenceDateTime authoredOn requester "
        "performer"
    ),
    "Task": _names(
        "basedOn groupIdentifier partOf status statusReason businessStatus intent code "
        "description focus for encounter executionPeriod lastModified requester "
        "owner location"
    ),
    "Flag": _names("identifier status category code subject period encounter author"),
    "Communication": _names(
        "identifier basedOn partOf status statusReason priority subject encounter "
        "reasonCode reasonReference"
    ),
    "Consent": _names(
        "identifier status scope category patient dateTime performer organization "
        "policyRule verification provision"
    ),
    "Provenance": frozenset(("target", "recorded")),
    "AuditEvent": _names(
        "type subtype action recorded outcome outcomeDesc purposeOfEvent"
    ),
    "Subscription": _names("status contact end reason criteria error channel"),
}
# Without these a resource is none, or says another thing than it means.
ALWAYS = frozenset(("resourceType", "id", "meta", "implicitRules", "modifierExtension"))
NEEDED: Mapping[str, frozenset[str]] = {
    "QuestionnaireResponse": frozenset(("status",)),
    "Observation": frozenset(("status", "code")),
    "Patient": frozenset(("active", "deceasedBoolean", "deceasedDateTime", "link")),
    "Questionnaire": frozenset(("status",)),
    "ServiceRequest": frozenset(("status", "intent", "subject", "doNotPerform")),
    "Task": frozenset(("status", "intent")),
    "Flag": frozenset(("status", "code", "subject")),
    "Communication": frozenset(("status",)),
    "Consent": frozenset(("status", "scope", "category")),
    "Provenance": frozenset(("target", "recorded", "agent")),
    "AuditEvent": frozenset(("type", "recorded", "agent", "source")),
    "Subscription": frozenset(("status", "reason", "criteria", "channel")),
}
SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
}
WHOLE, COUNT = "false", "count"
SUMMARIES = ("true", "text", "data", COUNT, WHOLE)


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of each resource is wanted."""

    summary: str = WHOLE
    elements: Sequence[str] = ()

    def of(self, resource: Json) -> Json:
        """The resource with as much as is wanted, and marked if that is not all."""
        wanted = self._wanted(resource["resourceType"])
        if wanted is None:
            made = {k: v for k, v in resource.items() if k != "text" or not self._data}
        else:
            made = {k: v for k, v in resource.items() if k.removeprefix("_") in wanted}
        return made if made.keys() == resource.keys() else _marked(made)

    @property
    def _data(self) -> bool:
        return self.summary == "data"

    def _wanted(self, kind: str) -> frozenset[str] | None:
        """The members that stay; None for all."""
        needed = ALWAYS | NEEDED.get(kind, frozenset())
        if self.elements:
            return needed | frozenset(self.elements)
        if self.summary == "true" and kind in SUMMARY:
            return needed | SUMMARY[kind]
        return needed | {"text"} if self.summary == "text" else None

    def included(self) -> "Shape":
        """The same for what comes along: elements were chosen of the matches alone."""
        return Shape(self.summary)


def _marked(resource: Json) -> Json:
    """So that nobody keeps a part for the whole, or sends it back."""
    meta = resource.get("meta", {})
    return {**resource, "meta": {**meta, "tag": [*meta.get("tag", ()), SUBSETTED]}}
