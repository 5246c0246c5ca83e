"""The doors to households: finding, registering, changing, and the reason to look."""

from casework.households.views.access import access_reason, show_bsn
from casework.households.views.around import (
    add_agreement,
    add_consent,
    add_contact_attempt,
    add_helper,
    add_life_event,
    add_note,
    add_programme,
    change_helper,
    change_life_event,
    change_programme,
    withdraw_agreement,
)
from casework.households.views.changing import add_member, change_member, end_threat, record_threat, refuse
from casework.households.views.doors import get_household, household_of, note_look, reason_first
from casework.households.views.finding import LONGEST_SEARCH, SORTS, households, typed_text
from casework.households.views.owners import allocate_household
from casework.households.views.registering import look_alike, register_household
from casework.households.views.reopening import reopen_household
from casework.households.views.tasks import add_task, change_task, reopen_task, settle_task, tasks

__all__ = [
    "LONGEST_SEARCH",
    "SORTS",
    "access_reason",
    "add_agreement",
    "add_consent",
    "add_contact_attempt",
    "add_helper",
    "add_life_event",
    "add_member",
    "add_note",
    "add_programme",
    "add_task",
    "allocate_household",
    "change_helper",
    "change_life_event",
    "change_member",
    "change_programme",
    "change_task",
    "end_threat",
    "get_household",
    "household_of",
    "households",
    "look_alike",
    "note_look",
    "reason_first",
    "record_threat",
    "refuse",
    "register_household",
    "reopen_household",
    "reopen_task",
    "settle_task",
    "show_bsn",
    "tasks",
    "typed_text",
    "withdraw_agreement",
]
