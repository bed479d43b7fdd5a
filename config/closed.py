"""The default permission of the API: nobody."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class Closed(BasePermission):
    """An endpoint opens itself explicitly or stays shut."""

    def has_permission(self, request: Request, view: object) -> bool:
        return False
