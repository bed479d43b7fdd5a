"""A patient talks; we listen; we score."""
