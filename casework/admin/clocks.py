"""What the first page of the settings says about tasks of the clock that did not run (decision 0062)."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from casework.core.heartbeat import late_tasks

NAMES = {
    "etf.flag_unrecorded": _("What is to be recorded"),
    "etf.follow_up": _("Follow-up of missed appointments"),
    "etf.clear_logins": _("Clearing away old logins"),
    "etf.note_audit_chain": _("The mark of the audit trail"),
    "etf.recompute_terms": _("Dates of terms"),
    "etf.end_past_waiting": _("Ending of waiting that has passed"),
    "etf.retention": _("Retention"),
}


def late(now: dt.datetime) -> list[dict]:
    """Each late task with its name. One query."""
    return [
        {"name": NAMES.get(one.task, one.task), "due_at": one.due_at, "finished": one.finished}
        for one in late_tasks(now)
    ]
