"""How one looks: for a free time, at an agenda, at a list."""

from casework.appointments.filters.finder import CriteriaForm, Finder
from casework.appointments.filters.lists import (
    AgendaForm,
    ArrivalFilter,
    FollowUpFilter,
    OutlookForm,
    ReplanFilter,
    UnrecordedFilter,
    WaitingFilter,
)

__all__ = [
    "AgendaForm",
    "ArrivalFilter",
    "CriteriaForm",
    "Finder",
    "FollowUpFilter",
    "OutlookForm",
    "ReplanFilter",
    "UnrecordedFilter",
    "WaitingFilter",
]
