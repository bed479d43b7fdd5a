"""The shapes of what the plain API takes and gives, as its description tells them."""

from typing import Any

from rest_framework import serializers

from records.models import Destination
from records.workflow import State
from screening.definitions import load_all
from screening.models import Screening

# Our states in the words of the API; stored codes may change, these may not.
STATES = {
    "invited": Screening.Status.INVITED,
    "consented": Screening.Status.CONSENTED,
    "in-progress": Screening.Status.IN_PROGRESS,
    "completed": Screening.Status.COMPLETED,
    "withdrawn": Screening.Status.WITHDRAWN,
    "expired": Screening.Status.EXPIRED,
}
WORDS = {code: word for word, code in STATES.items()}
DELIVERY_STATES = {
    "waiting": State.DUE,
    "sending": State.SENT,
    "accepted": State.ACCEPTED,
    "refused": State.REFUSED,
    "given-up": State.DEAD,
    "replaced": State.REPLACED,
    "stopped": State.STOPPED,
}
RECEIVERS = {
    "fhir": Destination.Kind.FHIR,
    "webhook": Destination.Kind.WEBHOOK,
    "hl7-mllp": Destination.Kind.HL7_MLLP,
    "hl7-file": Destination.Kind.HL7_FILE,
    "csv-file": Destination.Kind.CSV_FILE,
}
LONGEST = 200
MOST = 10


def asked_of_patients() -> list[str]:
    """What may be asked by a link."""
    return sorted({one.id for one in load_all().values() if one.self_administered})


class Text(serializers.CharField):
    """Text and nothing else: a number is not quietly made into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Identifier(serializers.Serializer[Any]):
    system = Text(max_length=LONGEST, help_text="The numbering system, as in FHIR.")
    value = Text(max_length=LONGEST, help_text="The number of the record.")


class PatientRef(serializers.Serializer[Any]):
    """A patient of the clinic: by id, or by a number of their record."""

    id = serializers.UUIDField(required=False, help_text="As in FHIR: Patient/[id].")
    identifier = Identifier(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("id" in attrs) == ("identifier" in attrs):
            raise serializers.ValidationError("Give id or identifier, one of them.")
        return attrs


class NewScreening(serializers.Serializer[Any]):
    """Whom to invite, and to what."""

    patient = PatientRef()
    questionnaires = serializers.ListField(
        child=serializers.ChoiceField(choices=asked_of_patients()),
        min_length=1,
        max_length=MOST,
        help_text="In the order in which they are asked; each once.",
    )
    mail = serializers.BooleanField(
        required=False,
        default=True,
        help_text="Send the link to the patient's address, where there is one. "
        "Otherwise staff hand it over.",
    )

    def validate_questionnaires(self, value: list[str]) -> list[str]:
        if len(set(value)) < len(value):
            raise serializers.ValidationError("Each questionnaire once.")
        return value


class ScreeningShape(serializers.Serializer[Any]):
    """A screening and how far it has come; what was answered is read by FHIR."""

    id = serializers.UUIDField(help_text="As in FHIR: ServiceRequest/[id].")
    patient = serializers.UUIDField(help_text="As in FHIR: Patient/[id].")
    questionnaires = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField()
    state = serializers.ChoiceField(choices=list(STATES))
    invited_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    entered_in_error_at = serializers.DateTimeField(
        allow_null=True,
        help_text="Since when it counts for nothing: it was answered by somebody else, "
        "or should not be there. Its state stays what it was.",
    )
    link_works = serializers.BooleanField(
        help_text="Whether the patient can still get in by the link that they were given."
    )
    responses = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="As in FHIR: QuestionnaireResponse/[id]. Empty until it is completed.",
    )


class ScreeningPage(serializers.Serializer[Any]):
    results = ScreeningShape(many=True)
    next = serializers.CharField(
        allow_null=True, help_text="The cursor of the next page, if there is one."
    )


class CaseShape(serializers.Serializer[Any]):
    """That something is to be reviewed, by when, and whether it was. Not what it is."""

    id = serializers.UUIDField()
    patient = serializers.UUIDField()
    state = serializers.ChoiceField(choices=["waiting", "in-review", "closed"])
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    overdue = serializers.BooleanField()


class CasePage(serializers.Serializer[Any]):
    results = CaseShape(many=True)
    next = serializers.CharField(allow_null=True)


class ReceiverShape(serializers.Serializer[Any]):
    """A system that the clinic sends its results to, by the name that it gave it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=list(RECEIVERS))


class DeliveryShape(serializers.Serializer[Any]):
    """One version of one result, on its way to one receiver. Nothing of its content."""

    id = serializers.UUIDField(help_text="Of a webhook also its webhook-id.")
    receiver = ReceiverShape()
    response = serializers.UUIDField(
        help_text="As in FHIR: QuestionnaireResponse/[id]."
    )
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=list(DELIVERY_STATES))
    caused_at = serializers.DateTimeField(
        help_text="When this version came to stand in the record."
    )
    tries = serializers.IntegerField(help_text="Since it was last sent again.")
    next_at = serializers.DateTimeField(
        allow_null=True, help_text="When it is tried next, while it waits."
    )
    settled_at = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField(
        allow_blank=True, help_text="In our words: never what the receiver wrote."
    )


class DeliveryPage(serializers.Serializer[Any]):
    results = DeliveryShape(many=True)
    next = serializers.CharField(allow_null=True)


class QuestionnaireShape(serializers.Serializer[Any]):
    id = serializers.CharField()
    canonical = serializers.CharField(help_text="url|version, as in FHIR.")
    version = serializers.CharField()
    title = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    by_link = serializers.BooleanField(
        help_text="Whether a patient can be invited to it; others are asked by staff."
    )


class QuestionnaireList(serializers.Serializer[Any]):
    results = QuestionnaireShape(many=True)


class FieldProblem(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Where, as patient.identifier.value.")
    message = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """Every error has this shape (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]
