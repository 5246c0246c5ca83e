"""The doors to households: finding, registering, changing, and the reason to look."""

from casework.households.views.access import access_reason, show_bsn
from casework.households.views.changing import add_member, record_threat
from casework.households.views.doors import get_household
from casework.households.views.finding import LONGEST_SEARCH, SORTS, households, typed_text
from casework.households.views.owners import allocate_household
from casework.households.views.registering import register_household

__all__ = [
    "LONGEST_SEARCH", "SORTS", "access_reason", "add_member", "allocate_household", "get_household", "households",
    "record_threat", "register_household", "show_bsn", "typed_text",
]  # fmt: skip
