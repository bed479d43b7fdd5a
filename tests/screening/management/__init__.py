"""Tests of the screening commands."""
