"""Screens across features: today per role, and the household page."""

from casework.overview.views.contact import change_contact
from casework.overview.views.household import household
from casework.overview.views.today import today

__all__ = ["change_contact", "household", "today"]
