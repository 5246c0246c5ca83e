"""Collects the models of the features, so that Django sees them."""

from casework import history
from casework.appointments import models as appointments
from casework.core import heartbeat, thresholds
from casework.core import models as core
from casework.counsellors import models as counsellors
from casework.debts import models as debts
from casework.households import models as households
from casework.messaging import models as messaging
from casework.places import models as places
from casework.privacy import models as privacy
from casework.retention import models as retention

__all__ = [
    "appointments",
    "core",
    "counsellors",
    "debts",
    "heartbeat",
    "history",
    "households",
    "messaging",
    "places",
    "privacy",
    "retention",
    "thresholds",
]
