"""Finished rows of the screening app as the values that leave."""

from records.presenters.finished import finished, present
from records.presenters.naming import Naming
from records.presenters.patient import patient_record

__all__ = ["Naming", "finished", "patient_record", "present"]
