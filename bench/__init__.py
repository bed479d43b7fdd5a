"""Measures the product, each figure beside its limit: python -m bench."""
