"""The one way to lock the row of a household before changing something about it."""

from django.utils.translation import gettext_lazy as _

from casework.core.refusals import Refused
from casework.households.models import Household


class MergedMeanwhile(Refused):
    """Since the page was opened this household went into another: nothing new is kept with its empty row (R-53)."""


def lock_household(key: int) -> Household:
    """The row as it stands, locked until the transaction ends. Refuses MergedMeanwhile. Wants a transaction."""
    row = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=key)
    if row.merged_into_id:
        raise MergedMeanwhile(_("This household was merged meanwhile. Open this page again."))
    return row
