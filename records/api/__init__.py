"""The FHIR R4 endpoint: read and search, for clients with a token."""
