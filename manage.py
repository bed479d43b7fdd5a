#!/usr/bin/env python
"""Runs the product's commands; a wrong setting ends in one sentence, not a trace."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config.standalone import lend_settings

UNUSABLE = 2


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    lend_settings(sys.argv)
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"Cannot start. {error}\n")
        sys.exit(UNUSABLE)


if __name__ == "__main__":
    main()
