"""Finished rows of the screening app as the values that leave."""

from records.presenters.finished import finished, present
from records.presenters.naming import Naming

__all__ = ["Naming", "finished", "present"]
