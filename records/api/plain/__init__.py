"""The plain JSON API: what FHIR has no name for, and what is simpler without it."""
