"""How the product is put together: settings, checks, urls, celery, page shell."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
