"""Screens across features: today per role, quick find, and the household page."""

from casework.overview.views.board import board
from casework.overview.views.closing import close
from casework.overview.views.contact import change_contact
from casework.overview.views.correcting import decide_correction
from casework.overview.views.find import find
from casework.overview.views.household import household
from casework.overview.views.merging import decide_merge, merge, undo_merge
from casework.overview.views.today import arrival, today
from casework.overview.views.transfer import decline_transfer, to_approve, transfer

__all__ = [
    "arrival",
    "board",
    "change_contact",
    "close",
    "decide_correction",
    "decide_merge",
    "decline_transfer",
    "find",
    "household",
    "merge",
    "to_approve",
    "today",
    "transfer",
    "undo_merge",
]
