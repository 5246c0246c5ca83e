"""How a household is reached (R-19)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.households.models import Household


class ChangedMeanwhile(Refused):
    """Somebody else changed this household since it was opened; `current` is the row as it stands (R-19)."""

    def __init__(self, current: Household):
        super().__init__(_("A colleague changed this household meanwhile. Compare both versions and save again."))
        self.current = current


# What may be changed about reaching a household, and kept at registration.
CONTACT_FIELDS = (
    "street", "house_number", "addition", "postcode", "city", "secret_address", "mobile", "phone", "email", "language",
    "interpreter", "channel", "no_voicemail", "safety", "safety_note", "administrator",
)  # fmt: skip


@transaction.atomic
def change_contact(*, household: Household, values: dict, version: int, by: User, now: dt.datetime) -> Household:
    """Change how a household is reached. Refuses ChangedMeanwhile when `version` is not the current one (R-19).

    Repeatable: the same values change nothing and write nothing.
    """
    row = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    changed = {name: value for name, value in values.items() if name in CONTACT_FIELDS and getattr(row, name) != value}
    if not changed:
        return row
    if row.version != version:
        raise ChangedMeanwhile(row)
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    # Names of the fields only: numbers and addresses stay out of the audit trail.
    audit(by=by, now=now, action="change_contact", on=row, details={"changed": sorted(changed)})
    return row
