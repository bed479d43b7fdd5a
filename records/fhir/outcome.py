"""An error, or a refusal, in the shape that a FHIR client reads."""

from records.fhir import parts


def operation_outcome(
    *,
    code: str,
    text: str,
    expression: str | None = None,
    severity: str = "error",
) -> parts.Json:
    """One issue: a code of the issue-type list and a sentence for a person."""
    issue = parts.present(
        severity=severity,
        code=code,
        details={"text": text},
        expression=[expression] if expression else [],
    )
    return {"resourceType": "OperationOutcome", "issue": [issue]}
