"""Tests of the pure rules of what leaves."""
