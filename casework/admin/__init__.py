"""Settings for an administrator: places, hours, calendar, types, counsellors, users. Nothing about residents (S25)."""

from casework.admin import appointments, message_texts, moments, people, places, retention, thresholds, trials
from casework.admin.site import site

__all__ = ["appointments", "message_texts", "moments", "people", "places", "retention", "site", "thresholds", "trials"]
