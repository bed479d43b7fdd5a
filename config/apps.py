"""Connects what must be there before the first request: checks and sign-in."""

from importlib import import_module

from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # They speak to models, which exist only now.
        import_module("config.checks")
        import_module("config.signin")
        import_module("config.signlog")
