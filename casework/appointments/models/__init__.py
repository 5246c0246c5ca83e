"""Appointments and the free time they come from."""

from casework.appointments.models.appointments import (
    APPEARED,
    CANCELLED,
    CHECK_IN_FROM,
    CORRECTION_DAYS,
    IN_TIME,
    MISSED,
    MOVED,
    MOVES,
    NO_SHOW_FROM,
    OCCUPIES_TIME,
    PHONE_ATTEMPTS_APART,
    UNRECORDED_AFTER,
    Appointment,
    AppointmentType,
    MissedReason,
    Outcome,
    PhoneAttempt,
    State,
    ToldHow,
    TypeChannel,
    UnrecordedNotice,
)
from casework.appointments.models.feed import feed_of
from casework.appointments.models.forecast import Outlook, outlook, talks_to_plan
from casework.appointments.models.grid import Cell, CellKind, Column, Grid, counsellor_grid, day_grid, week_of
from casework.appointments.models.handover import Handover, handovers
from casework.appointments.models.slots import GRID, LEAD_TIME, SearchArea, Slot, capacity, free_slots, suggestions

__all__ = [
    "APPEARED", "CANCELLED", "CHECK_IN_FROM", "CORRECTION_DAYS", "GRID", "IN_TIME", "LEAD_TIME", "MISSED", "MOVED",
    "MOVES", "NO_SHOW_FROM", "OCCUPIES_TIME", "PHONE_ATTEMPTS_APART", "UNRECORDED_AFTER", "Appointment",
    "AppointmentType", "Cell", "CellKind", "Column", "Grid", "Handover", "MissedReason", "Outcome", "Outlook", "PhoneAttempt",
    "SearchArea", "Slot", "State", "ToldHow", "TypeChannel", "UnrecordedNotice", "capacity", "counsellor_grid", "day_grid", "feed_of",
    "free_slots", "handovers", "outlook", "suggestions", "talks_to_plan", "week_of",
]  # fmt: skip
