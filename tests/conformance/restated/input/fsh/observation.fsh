// What US Core (7, 8 and 9 alike) demands of an Observation of a screening or assessment.

Alias: $category = http://terminology.hl7.org/CodeSystem/observation-category

Invariant: us-core-1
Description: "The time of what was observed is known to the day at least."
Severity: #error
Expression: "$this is dateTime implies $this.toString().length() >= 10"

Invariant: us-core-2
Description: "Without components and members there is a value, or why there is none."
Severity: #error
Expression: "value.exists() or dataAbsentReason.exists() or component.exists() or hasMember.exists()"

Invariant: us-core-3
Description: "A quantity whose unit is coded uses UCUM."
Severity: #error
Expression: "value.ofType(Quantity).system.exists() implies value.ofType(Quantity).system = 'http://unitsofmeasure.org'"

Profile: Screening
Parent: Observation
Id: restated-us-core-observation-screening-assessment
Title: "US Core Observation of a screening, restated"
* obeys us-core-2 and us-core-3
* category 1..*
* category ^slicing.discriminator.type = #pattern
* category ^slicing.discriminator.path = "$this"
* category ^slicing.rules = #open
* category contains survey 1..1
* category[survey] = $category#survey
* code 1..1
* subject 1..1
* subject only Reference(Patient)
* effective[x] 1..1
* effective[x] only dateTime or Period or Timing or instant
* effective[x] obeys us-core-1
* performer only Reference(Practitioner or Organization or Patient or PractitionerRole or CareTeam or RelatedPerson)
* hasMember only Reference(Observation or QuestionnaireResponse or MolecularSequence)
* derivedFrom only Reference(Observation or QuestionnaireResponse or DocumentReference or ImagingStudy or Media or MolecularSequence)
