"""What may happen to an appointment."""

from casework.appointments.actions.attendance import (
    NotYours,
    TooEarly,
    TooLateToCorrect,
    check_can_check_in,
    check_can_correct,
    check_can_record,
    check_in,
    correct_attendance,
    log_phone_attempt,
    possible_outcomes,
    record_attendance,
    undo_check_in,
)
from casework.appointments.actions.booking import (
    AlreadyRecorded,
    ClosedDay,
    HouseholdBusy,
    NotOnGrid,
    OtherLocation,
    OutsideHours,
    SlotTaken,
    book,
    cancel,
    check_can_change,
    move,
)
from casework.appointments.actions.closing import change_contact, close_household
from casework.appointments.actions.merging import Obstacles, approve_merge, merge_households, obstacles
from casework.appointments.actions.reminders import message_facts, send_due_messages
from casework.appointments.actions.transfer import (
    Choice,
    ChoicesMissing,
    standing_elsewhere,
    transfer_households,
)
from casework.appointments.actions.unrecorded import flag_unrecorded

__all__ = [
    "AlreadyRecorded",
    "Choice",
    "ChoicesMissing",
    "ClosedDay",
    "HouseholdBusy",
    "NotOnGrid",
    "NotYours",
    "Obstacles",
    "OtherLocation",
    "OutsideHours",
    "SlotTaken",
    "TooEarly",
    "TooLateToCorrect",
    "approve_merge",
    "book",
    "cancel",
    "change_contact",
    "check_can_change",
    "check_can_check_in",
    "check_can_correct",
    "check_can_record",
    "check_in",
    "close_household",
    "correct_attendance",
    "flag_unrecorded",
    "log_phone_attempt",
    "merge_households",
    "message_facts",
    "move",
    "obstacles",
    "possible_outcomes",
    "record_attendance",
    "send_due_messages",
    "standing_elsewhere",
    "transfer_households",
    "undo_check_in",
]  # fmt: skip
