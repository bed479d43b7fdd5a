"""The default permission of the API: nobody."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class Closed(BasePermission):
    """An endpoint opens itself explicitly or stays shut."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False
