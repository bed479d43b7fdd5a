"""Runs of the wording library: proposed by a model, worked off from rows."""
