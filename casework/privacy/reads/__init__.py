"""What the audit trail says, across features: its lines, what stands out, who looked, and all data of one household."""

from casework.privacy.reads.changes import Changed, changes_of
from casework.privacy.reads.inspection import (
    FIELDS_LEFT_OUT,
    LEFT_OUT,
    OF_OTHERS,
    everything_about,
    shown_fields,
    shown_models,
)
from casework.privacy.reads.odd import MANY_IN_AN_HOUR, at_home, many_at_once, without_follow_up
from casework.privacy.reads.trail import (
    for_rows,
    keys_about,
    looks_at,
    of_household,
    role_words,
    trail_for,
    users_seen_by,
)

__all__ = [
    "FIELDS_LEFT_OUT", "LEFT_OUT", "MANY_IN_AN_HOUR", "OF_OTHERS", "Changed", "at_home", "changes_of",
    "everything_about", "for_rows", "keys_about", "looks_at", "many_at_once", "of_household", "role_words", "shown_fields", "shown_models",
    "trail_for", "users_seen_by", "without_follow_up",
]  # fmt: skip
