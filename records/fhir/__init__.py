"""Pure FHIR R4: frozen values in, plain dictionaries out; no Django, no clock."""
