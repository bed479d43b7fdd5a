"""Rules of what leaves, as values: no Django, no network, no clock."""
