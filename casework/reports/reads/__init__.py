"""Figures: pure SQL in, dataclasses out. One function per figure, used alike by page, JSON and CSV."""

from casework.reports.reads.chance import p_chart
from casework.reports.reads.figures import FIGURES, Figure, Scope, Slice, lost_slots, no_show, show_up, unrecorded
from casework.reports.reads.lists import ALL, DENOMINATOR, NUMERATOR, rows_behind
from casework.reports.reads.returned import NO_CONTACT, Returned, returned_to_care, who_returned
from casework.reports.reads.statistics import FEW, HIDDEN, TOO_FEW, Interval, hide_small, percentage, rounded, wilson

__all__ = [
    "ALL", "DENOMINATOR", "FEW", "FIGURES", "HIDDEN", "NO_CONTACT", "NUMERATOR", "TOO_FEW", "Figure", "Interval", "Returned", "Scope", "Slice",
    "hide_small", "lost_slots", "no_show", "p_chart", "percentage", "returned_to_care", "rounded", "rows_behind", "show_up", "unrecorded", "who_returned", "wilson",
]  # fmt: skip
