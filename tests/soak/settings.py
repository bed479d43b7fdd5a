"""The product's own settings, with the soak's clock beneath them."""

import os
from pathlib import Path

from django.utils import timezone

from config.settings import *  # noqa: F403
from tests.soak.clock import Clock

# Read before any module of the product asks for the time, so that all ask this one.
timezone.now = Clock(Path(os.environ["SOAK_CLOCK"])).now
