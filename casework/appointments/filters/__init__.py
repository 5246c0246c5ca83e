"""How one looks: for a free time, at an agenda, at a list."""

from casework.appointments.filters.finder import CriteriaForm, Finder
from casework.appointments.filters.lists import (
    AgendaForm,
    FollowUpFilter,
    OutlookForm,
    ReplanFilter,
    UnrecordedFilter,
    WaitingFilter,
)

__all__ = [
    "AgendaForm",
    "CriteriaForm",
    "Finder",
    "FollowUpFilter",
    "OutlookForm",
    "ReplanFilter",
    "UnrecordedFilter",
    "WaitingFilter",
]
