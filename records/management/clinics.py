"""Finds the clinic and the client that a command names."""

from uuid import UUID

from django.core.management.base import CommandError
from django.db.models import Q

from core.models import Clinic
from records.models import ApiClient


def find_clinic(named: str) -> Clinic:
    """By name or by id; CommandError unless it is exactly one."""
    found = list(Clinic.objects.filter(_named(named))[:2])
    if len(found) != 1:
        problem = "More than one clinic is" if found else "No clinic is"
        raise CommandError(f"{problem} named {named}.")
    return found[0]


def find_client(clinic: Clinic, named: str) -> ApiClient:
    """An active one, by name or by id; CommandError if there is none."""
    active = ApiClient.objects.filter(clinic=clinic, active=True)
    client = active.filter(_named(named)).first()
    if client is None:
        raise CommandError(f"{clinic} has no active client named {named}.")
    return client


def _named(named: str) -> Q:
    try:
        return Q(name=named) | Q(id=UUID(named))
    except ValueError:
        return Q(name=named)
