"""The clinical rules: plain values and functions, no Django, clock or network."""
