"""Addresses that several parts of a soak know."""

# Nobody is there: a mail server refuses it for good.
GONE = "gone@clinic.example"
