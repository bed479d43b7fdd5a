"""Tests that start the product's own processes."""
