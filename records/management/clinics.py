"""Finds the clinic that a command names."""

from uuid import UUID

from django.core.management.base import CommandError
from django.db.models import Q

from core.models import Clinic


def find_clinic(named: str) -> Clinic:
    """By name or by id; CommandError unless it is exactly one."""
    match = Q(name=named)
    try:
        match |= Q(id=UUID(named))
    except ValueError:
        pass
    found = list(Clinic.objects.filter(match)[:2])
    if len(found) != 1:
        problem = "More than one clinic is" if found else "No clinic is"
        raise CommandError(f"{problem} named {named}.")
    return found[0]
