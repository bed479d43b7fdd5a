"""Registers the clinicians app with Django."""

from django.apps import AppConfig


class CliniciansConfig(AppConfig):
    name = "clinicians"
    default_auto_field = "django.db.models.BigAutoField"
