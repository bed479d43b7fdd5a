"""Tests of the record that leaves."""
