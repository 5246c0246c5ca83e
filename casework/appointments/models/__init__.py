"""Appointments and the free time they come from."""

from casework.appointments.models.appointments import (
    APPEARED,
    BY_THEMSELVES,
    CANCELLED,
    MISSED,
    MOVED,
    MOVES,
    OCCUPIES_TIME,
    TOLD_TO_US,
    Appointment,
    AppointmentType,
    Outcome,
    PhoneAttempt,
    State,
    ToldHow,
    TypeChannel,
    UnrecordedNotice,
    exception_before,
)
from casework.appointments.models.company import Company
from casework.appointments.models.corrections import CorrectionProposal, CorrectionState
from casework.appointments.models.feed import feed_of
from casework.appointments.models.followups import (
    FollowUp,
    FollowUpState,
    in_a_row,
    missed_without_follow_up,
)
from casework.appointments.models.forecast import Outlook, outlook, talks_to_plan
from casework.appointments.models.grid import Cell, CellKind, Column, Grid, counsellor_grid, day_grid, week_of
from casework.appointments.models.handover import Handover, handovers
from casework.appointments.models.moments import (
    CHOSEN,
    ReminderMoments,
    coming_moments,
    known_moments,
    moments_of,
    own_moments,
)
from casework.appointments.models.occupancy import Occupancy
from casework.appointments.models.reasons import MissedReason
from casework.appointments.models.replanning import Proposal, proposals
from casework.appointments.models.self_cancel import CancelCode, code_in, new_code, new_token
from casework.appointments.models.series import Occurrence, occurrences
from casework.appointments.models.slots import (
    GRID,
    SearchArea,
    Slot,
    capacity,
    earliest_start,
    free_blocks,
    free_days,
    free_slots,
    suggestions,
)
from casework.appointments.models.waiting import HALF_DAYS, Fit, WaitingEnd, WaitingEntry, fits

__all__ = [
    "APPEARED",
    "BY_THEMSELVES",
    "CANCELLED",
    "CHOSEN",
    "GRID",
    "HALF_DAYS",
    "MISSED",
    "MOVED",
    "MOVES",
    "OCCUPIES_TIME",
    "TOLD_TO_US",
    "Appointment",
    "AppointmentType",
    "CancelCode",
    "Cell",
    "CellKind",
    "Column",
    "Company",
    "CorrectionProposal",
    "CorrectionState",
    "Fit",
    "FollowUp",
    "FollowUpState",
    "Grid",
    "Handover",
    "MissedReason",
    "Occupancy",
    "Occurrence",
    "Outcome",
    "Outlook",
    "PhoneAttempt",
    "Proposal",
    "ReminderMoments",
    "SearchArea",
    "Slot",
    "State",
    "ToldHow",
    "TypeChannel",
    "UnrecordedNotice",
    "WaitingEnd",
    "WaitingEntry",
    "capacity",
    "code_in",
    "coming_moments",
    "counsellor_grid",
    "day_grid",
    "earliest_start",
    "exception_before",
    "feed_of",
    "fits",
    "free_blocks",
    "free_days",
    "free_slots",
    "handovers",
    "in_a_row",
    "known_moments",
    "missed_without_follow_up",
    "moments_of",
    "new_code",
    "new_token",
    "occurrences",
    "outlook",
    "own_moments",
    "proposals",
    "suggestions",
    "talks_to_plan",
    "week_of",
]
