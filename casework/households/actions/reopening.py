"""Who comes back after closing: registered anew, with a link to the earlier file (R-62)."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.households.actions.contact import CONTACT_FIELDS
from casework.households.actions.locking import lock_household
from casework.households.actions.members import NewMember
from casework.households.actions.registering import NewThreat, register_household
from casework.households.models import CameThrough, Household, Member, MemberRole
from casework.places.models import Location


class CannotReopen(Refused):
    """This file is not one that somebody can come back to."""


class ReopenedAlready(Refused):
    """They came back already: `household` is the file of now."""

    def __init__(self, household: Household):
        super().__init__(
            _("These people are registered anew already, as %(number)s.") % {"number": household.case_number}
        )
        self.household = household


def check_can_reopen(household: Household) -> None:
    """Raises CannotReopen or ReopenedAlready. Pages ask this too."""
    if household.anonymised_on or household.merged_into_id:
        raise CannotReopen(_("There is nothing left in this file. Register these people as new."))
    if not household.is_closed:
        raise CannotReopen(_("This household is open: go on in it."))
    if household.continued_in_id:
        raise ReopenedAlready(household.continued_in)


@transaction.atomic
def reopen_household(
    *,
    earlier: Household,
    client: Member,
    others: list[Member],
    contact: dict,
    location: Location | None,
    came_through: str = CameThrough.SELF,
    threats: list[NewThreat] | tuple = (),
    duplicate_reason: str = "",
    form_token: UUID | None = None,
    by: User,
    now: dt.datetime,
) -> Household:
    """Register the people of a closed household anew, as a household of its own with terms that start today (R-62).

    People and how to reach them come along, with `contact` over what stood; what somebody agreed or answered does
    not: that is asked again. The earlier file stays closed, and names the new one. Refuses CannotReopen,
    ReopenedAlready, somebody of another household, BsnKnown, and PossibleDuplicate without a `duplicate_reason`.
    Repeatable with the same `form_token` (R-17).
    """
    row = lock_household(earlier.pk)
    if form_token and (made := Household.objects.filter(form_token=form_token).first()):
        return made
    check_can_reopen(row)
    if any(one.household_id != row.pk for one in (client, *others)):
        raise Refused(_("This person does not belong to this household."), field="client")
    made = register_household(
        client=_returning(client, MemberRole.CLIENT),
        others=[_returning(one, _role_beside(client, one)) for one in others if one.pk != client.pk],
        contact={name: getattr(row, name) for name in CONTACT_FIELDS} | contact,
        location=location,
        came_through=came_through,
        threats=threats,
        duplicate_reason=duplicate_reason,
        earlier=row,
        form_token=form_token,
        by=by,
        now=now,
    )
    row.continued_in = made
    row.version += 1
    row.save(update_fields=["continued_in", "version"])
    # Without the number of the other: when one of the two is anonymised, nothing may lead from it to the other.
    audit(by=by, now=now, action="reopen_household", on=row)
    return made


def _returning(member: Member, role: str) -> NewMember:
    return NewMember(
        given_names=member.given_names, prefix=member.prefix, surname=member.surname, initials=member.initials,
        born=member.birth, role=role, gender=member.gender, bsn=member.bsn, may_be_spoken_to=member.may_be_spoken_to,
    )  # fmt: skip


def _role_beside(client: Member, other: Member) -> str:
    """What somebody is to the one who asks for help now, as far as that is known; a person says the rest."""
    if client.role == MemberRole.CLIENT:
        return other.role
    if client.role == MemberRole.PARTNER:
        return MemberRole.PARTNER if other.role == MemberRole.CLIENT else other.role
    return MemberRole.OTHER
