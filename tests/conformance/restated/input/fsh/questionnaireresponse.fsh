// What SDC 4.0 and US Core (7, 8 and 9 alike) demand of a QuestionnaireResponse, said in
// our own words. The addresses are ours: a restatement must not pass for the original.

Invariant: sdcqr-2
Description: "At one level no question is answered under the same linkId twice."
Severity: #error
Expression: "(%resource | repeat(item | answer)).all(item.where(answer.value.exists()).linkId.isDistinct())"

Invariant: sdcqr-3
Description: "There is one source, or one said in the extension for later versions."
Severity: #error
Expression: "(source | extension.where(url = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-QuestionnaireResponse.source').value).count() <= 1"

// SDC says this in words only, as a SHALL.
Invariant: said-versioned
Description: "The form is named with its version."
Severity: #error
Expression: "questionnaire.matches('^[^|]+[|][^|]+$')"

Profile: SdcResponse
Parent: QuestionnaireResponse
Id: restated-sdc-questionnaireresponse
Title: "SDC QuestionnaireResponse, restated"
* obeys sdcqr-2 and sdcqr-3 and said-versioned
* questionnaire 1..1
* authored 1..1
* item.linkId 1..1
* item.answer.value[x] 0..1

Profile: UsCoreResponse
Parent: SdcResponse
Id: restated-us-core-questionnaireresponse
Title: "US Core QuestionnaireResponse, restated"
* subject 1..1
* author only Reference(Practitioner or Organization or Patient or PractitionerRole or Device or RelatedPerson)
* item.answer.value[x] only boolean or date or dateTime or time or decimal or integer or string or Coding or uri or Quantity or Attachment or Reference
