"""Commands of the records app, one a module."""
