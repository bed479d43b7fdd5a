"""The WSGI application that the web server loads; it refuses to start unsafe."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config.checks import refuse_to_start_unsafe  # noqa: E402 - needs the apps loaded
from screening.language import client  # noqa: E402 - likewise

refuse_to_start_unsafe()
client.warm()
