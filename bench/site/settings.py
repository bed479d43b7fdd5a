"""The product's own settings, with the bare view's table and address added."""

from config.settings import *  # noqa: F403, TID251
from config.settings import INSTALLED_APPS as PRODUCT_APPS  # noqa: TID251

INSTALLED_APPS = [*PRODUCT_APPS, "bench.site"]
ROOT_URLCONF = "bench.site.urls"
