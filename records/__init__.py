"""The record leaves: finished screenings as FHIR R4, to clients a clinic trusts."""
