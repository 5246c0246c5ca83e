"""How a household is reached (R-19), and a number or address that turns out not to exist (R-42)."""

import datetime as dt

from django.db import transaction

from casework.core.actions import audit, change_row
from casework.core.models import User
from casework.households.actions.locking import lock_household
from casework.households.models import Household

# What may be changed about reaching a household, and kept at registration.
CONTACT_FIELDS = (
    "street", "house_number", "addition", "postcode", "city", "secret_address", "mobile", "phone", "email", "language",
    "interpreter", "channel", "preferred_phone", "quiet_from", "quiet_until", "shared_phone", "no_voicemail", "safety",
    "safety_note", "administrator", "administrator_kind", "administrator_name", "administrator_phone",
    "administrator_from", "administrator_until",
)  # fmt: skip
# Beside which field a refusal of the database stands.
_AT = {"household_quiet_hours_whole": "quiet_from", "household_administrator_dates_in_order": "administrator_until"}


@transaction.atomic
def change_contact(*, household: Household, values: dict, version: int, by: User, now: dt.datetime) -> Household:
    """Change how a household is reached. Refuses ChangedMeanwhile when `version` is not the current one (R-19).

    Repeatable: the same values change nothing and write nothing.
    """
    row = lock_household(household.pk)
    allowed = {name: value for name, value in values.items() if name in CONTACT_FIELDS}
    if allowed.get("mobile", row.mobile) != row.mobile:
        # Another number, or the same one again after it: nobody said of that one that it does not exist.
        allowed["dead_mobile"] = ""
    if allowed.get("email", row.email) != row.email:
        allowed["dead_email"] = ""
    # Names of the fields only: numbers and addresses stay out of the audit trail.
    if changed := change_row(row, allowed, version=version, at=_AT):
        audit(by=by, now=now, action="change_contact", on=row, details={"changed": sorted(changed)})
    return row


def flag_dead_mobile(*, household: int, number: str, now: dt.datetime) -> bool:
    """A provider said that this number does not exist: no text message goes there until it is changed (R-42).

    False for a number that is not, or no longer, that of the household. Repeatable: flagged once. The version stays:
    no form holds the flag, so nobody overwrites it.
    """
    return _flag_dead("mobile", number, household=household, now=now)


def flag_dead_email(*, household: int, address: str, now: dt.datetime) -> bool:
    """As `flag_dead_mobile`, of an e-mail address."""
    return _flag_dead("email", address, household=household, now=now)


@transaction.atomic
def _flag_dead(field: str, value: str, *, household: int, now: dt.datetime) -> bool:
    row = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=household)
    if not value or getattr(row, field) != value or getattr(row, f"dead_{field}") == value:
        return False
    setattr(row, f"dead_{field}", value)
    row.save(update_fields=[f"dead_{field}"])
    audit(by=None, now=now, action=f"flag_dead_{field}", on=row)
    return True
