"""The clinicians app."""
