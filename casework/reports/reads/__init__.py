"""Figures: pure SQL in, dataclasses out. One function per figure, used alike by page, JSON and CSV."""

from casework.reports.reads.figures import FIGURES, Figure, Scope, Slice, lost_slots, no_show, show_up, unrecorded
from casework.reports.reads.lists import ALL, DENOMINATOR, NUMERATOR, rows_behind
from casework.reports.reads.statistics import HIDDEN, TOO_FEW, Interval, hide_small, percentage, rounded, wilson

__all__ = [
    "ALL", "DENOMINATOR", "FIGURES", "HIDDEN", "NUMERATOR", "TOO_FEW", "Figure", "Interval", "Scope", "Slice",
    "hide_small", "lost_slots", "no_show", "percentage", "rounded", "rows_behind", "show_up", "unrecorded", "wilson",
]  # fmt: skip
