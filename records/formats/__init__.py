"""Pure: a finished result in the formats of systems that do not speak FHIR."""
