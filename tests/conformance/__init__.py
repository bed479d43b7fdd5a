"""Independent parts judge what leaves: make conformance, described in docs/conformance.md."""
