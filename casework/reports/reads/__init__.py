"""Figures: pure SQL in, dataclasses out. One function per figure, used alike by page, JSON and CSV."""

from casework.reports.reads.chance import p_chart
from casework.reports.reads.figures import Figure, Scope, Slice, lost_slots, no_show, show_up, unrecorded
from casework.reports.reads.lists import ALL, DENOMINATOR, NUMERATOR, rows_behind
from casework.reports.reads.reminders import MISSED_SUFFIX, PARTS, TrialResult, ended_trial, reminded, trials_in
from casework.reports.reads.returned import NO_CONTACT, Returned, returned_to_care, who_returned
from casework.reports.reads.statistics import FEW, HIDDEN, TOO_FEW, Interval, hide_small, percentage, rounded, wilson

FIGURES = {"m1": no_show, "m2": show_up, "m3": reminded, "m4": unrecorded, "m4b": lost_slots}

__all__ = [
    "ALL", "DENOMINATOR", "FEW", "FIGURES", "HIDDEN", "MISSED_SUFFIX", "NO_CONTACT", "NUMERATOR", "PARTS", "TOO_FEW", "Figure", "Interval", "Returned", "Scope", "Slice", "TrialResult", "ended_trial",
    "hide_small", "lost_slots", "no_show", "p_chart", "percentage", "reminded", "returned_to_care", "rounded", "rows_behind", "show_up", "trials_in", "unrecorded", "who_returned", "wilson",
]  # fmt: skip
