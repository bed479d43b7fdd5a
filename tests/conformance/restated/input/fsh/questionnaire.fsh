// What SDC 4.0 demands of a Questionnaire whose answers become Observations.

Invariant: sdc-1
Description: "Answers are listed, or computed by an expression, not both."
Severity: #error
Expression: "extension.where(url = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-answerExpression').exists() implies (answerOption.empty() and answerValueSet.empty())"

Invariant: sdc-obsn-1
Description: "What is only displayed becomes no Observation."
Severity: #error
Expression: "type = 'display' implies extension.where(url = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-observationExtract').empty()"

Profile: SdcQuestionnaire
Parent: Questionnaire
Id: restated-sdc-questionnaire-extr-obsn
Title: "SDC Questionnaire with Observations, restated"
* url 1..1
* item obeys sdc-1 and sdc-obsn-1
* item.linkId 1..1
* item.type 1..1
