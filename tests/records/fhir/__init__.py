"""Tests of the pure FHIR part, judged by an independent library."""
