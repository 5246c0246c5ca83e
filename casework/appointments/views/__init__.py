"""The doors of booking, the agenda and attendance."""

from casework.appointments.views.absences import remove_absence, team_absences
from casework.appointments.views.agenda import agenda, agenda_time
from casework.appointments.views.attendance import (
    check_in,
    correct_attendance,
    log_phone_attempt,
    record_attendance,
    undo_attendance,
    undo_check_in,
    unrecorded,
)
from casework.appointments.views.booking import book, move
from casework.appointments.views.changing import appointment, cancel, change_company
from casework.appointments.views.feeds import calendar_feed, read_feed
from casework.appointments.views.followups import end_follow_up, follow_up_letter, follow_ups, log_follow_up_call
from casework.appointments.views.forecast import forecast
from casework.appointments.views.no_room import report_no_room
from casework.appointments.views.replanning import replan
from casework.appointments.views.self_cancel import notify_received, self_cancel
from casework.appointments.views.series import book_series
from casework.appointments.views.several import record_several
from casework.appointments.views.waiting import end_waiting, wait_for_earlier, waiting_list

__all__ = [
    "agenda",
    "agenda_time",
    "appointment",
    "book",
    "book_series",
    "calendar_feed",
    "cancel",
    "change_company",
    "check_in",
    "correct_attendance",
    "end_follow_up",
    "end_waiting",
    "follow_up_letter",
    "follow_ups",
    "forecast",
    "log_follow_up_call",
    "log_phone_attempt",
    "move",
    "notify_received",
    "read_feed",
    "record_attendance",
    "record_several",
    "remove_absence",
    "replan",
    "report_no_room",
    "self_cancel",
    "team_absences",
    "undo_attendance",
    "undo_check_in",
    "unrecorded",
    "wait_for_earlier",
    "waiting_list",
]
