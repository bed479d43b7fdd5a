"""The language layer: plain rules first, one door to a model, nothing ungated."""
