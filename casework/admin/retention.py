"""How long things are kept."""

from django.contrib import admin
from django.utils.translation import gettext as _

from casework.admin.audited import Audited
from casework.admin.site import site
from casework.core import clock
from casework.retention.models import RetentionTerm


@admin.register(RetentionTerm, site=site)
class RetentionTermAdmin(Audited):
    """How long things are kept; a change counts from its date on, so that it can be seen before it acts (R-63)."""

    list_display = ["kept", "months", "valid_from"]
    ordering = ["kept", "-valid_from"]

    def why_kept(self, obj):
        """What counts, or counted once, stays: households went by it."""
        if obj.valid_from > clock.today():
            return []
        return [_("%(what)s counts since %(date)s. Add another term with a later date.")
                % {"what": obj, "date": f"{obj.valid_from:%d-%m-%Y}"}]  # fmt: skip
