"""What a resident agreed to: ways to reach them, and what we may share (R-70, R-73; domain.md 4.2)."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.actions import audit, made_before, obey_constraints
from casework.core.models import User
from casework.core.refusals import Refused
from casework.households.actions.closing import HouseholdClosed
from casework.households.actions.locking import lock_household
from casework.households.models import Agreement, ChannelConsent, Household, Member


@dataclass(frozen=True)
class NewAgreement:
    """What was agreed, by whom, for whom, how, and until when; `fields` are names of SharedField."""

    with_whom: str
    purpose: str
    fields: list[str]
    how: str
    agreed_on: dt.date
    other_name: str = ""
    until: dt.date | None = None
    member: Member | None = None


def _not_in_future(on: dt.date, now: dt.datetime, field: str) -> None:
    if on > clock.local_date(now):
        raise Refused(_("This date must not lie in the future."), field=field)


@transaction.atomic
def record_consent(
    *, household: Household, channel: str, agreed: bool, source: str, given_on: dt.date,
    form_token: UUID | None = None, by: User | None, now: dt.datetime,
) -> ChannelConsent:  # fmt: skip
    """Add an answer to "may we reach you this way?"; the newest answer per way of contact counts (domain.md 4.2).

    Refuses a date in the future. Repeatable with the same `form_token` (R-17).
    """
    row = lock_household(household.pk)
    if earlier := made_before(ChannelConsent, form_token, household=row):
        return earlier
    _not_in_future(given_on, now, "given_on")
    made = ChannelConsent.objects.create(
        household=row, channel=channel, agreed=agreed, source=source, given_on=given_on,
        recorded_on=clock.local_date(now), recorded_by=by, form_token=form_token,
    )  # fmt: skip
    newest = {one.channel: one.agreed for one in ChannelConsent.objects.filter(household=row)}
    row.refused_channels = sorted(name for name, yes in newest.items() if not yes)
    row.save(update_fields=["refused_channels"])
    audit(by=by, now=now, action="record_consent", on=row, details={"channel": channel, "agreed": agreed})
    return made


@transaction.atomic
def give_agreement(
    *, household: Household, agreement: NewAgreement, form_token: UUID | None = None, by: User, now: dt.datetime
) -> Agreement:
    """Record what a resident agreed that we share (R-70).

    Refuses HouseholdClosed, a date in the future, and a member of another household. Repeatable with the same
    `form_token` (R-17).
    """
    row = lock_household(household.pk)
    if earlier := made_before(Agreement, form_token, household=row):
        return earlier
    if row.is_closed:
        raise HouseholdClosed(_("This household is closed."))
    _not_in_future(agreement.agreed_on, now, "agreed_on")
    if agreement.member and agreement.member.household_id != row.pk:
        raise Refused(_("This person does not belong to this household."), field="member")
    made = Agreement(
        household=row, form_token=form_token, recorded_on=clock.local_date(now), recorded_by=by, **vars(agreement)
    )
    obey_constraints(made)
    made.save()
    details = {"agreement": made.pk, "with": made.with_whom, "fields": sorted(made.fields)}
    audit(by=by, now=now, action="give_agreement", on=row, details=details)
    return made


@transaction.atomic
def withdraw_agreement(*, agreement: Agreement, by: User, now: dt.datetime) -> Agreement:
    """The resident takes an agreement back; it counts from this second (R-73). Repeatable: the first time counts."""
    row = (
        Agreement.objects.select_for_update(of=("self",), no_key=True).select_related("household").get(pk=agreement.pk)
    )
    if row.withdrawn_at:
        return row
    row.withdrawn_at, row.withdrawn_by = now, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    details = {"agreement": row.pk, "with": row.with_whom}
    audit(by=by, now=now, action="withdraw_agreement", on=row.household, details=details)
    return row
