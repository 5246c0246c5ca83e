"""The people of a household, and the names it is found by."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core import clock, names
from casework.core.actions import audit
from casework.core.encryption import fingerprint
from casework.core.models import User
from casework.core.refusals import Refused
from casework.households.models import Household, Member, MemberRole


class BsnKnown(Refused):
    """The BSN already belongs to somebody: `household` is that household (R-52)."""

    def __init__(self, household: Household):
        super().__init__(
            _("This BSN belongs to %(number)s. Open that household.") % {"number": household.case_number}, field="bsn"
        )
        self.household = household


@dataclass(frozen=True)
class NewMember:
    """A person to register; prefix apart (R-50), BSN of nine checked digits or empty."""

    given_names: str = ""
    prefix: str = ""
    surname: str = ""
    initials: str = ""
    born: dt.date | None = None
    role: str = MemberRole.CLIENT
    gender: str = ""
    bsn: str = ""


def folded_surname(surname: str) -> str:
    """As it is compared (R-52). Folding may make a name longer: ß becomes ss."""
    return names.fold(surname)[: Member._meta.get_field("search_surname").max_length]


def describe(household: Household, members: list[Member]) -> None:
    """Set the names that lists sort and search by, from the members. Does not save."""
    client = next((one for one in members if one.role == MemberRole.CLIENT), members[0])
    household.display_name = client.full_name
    sort_name = names.sort_name(client.given_names or client.initials, client.prefix, client.surname)
    household.sort_name = sort_name[: Household._meta.get_field("sort_name").max_length]
    household.search_name = " ".join(
        f"{names.fold(one.given_names)} {names.fold(one.prefix + one.surname)}".strip() for one in members
    )


def make_member(household: Household, person: NewMember) -> Member:
    """A member, not saved."""
    return Member(
        household=household,
        role=person.role,
        given_names=names.clean(person.given_names),
        initials=names.clean(person.initials),
        prefix=names.clean(person.prefix),
        surname=names.clean(person.surname),
        born=person.born,
        gender=person.gender,
        bsn=person.bsn,
        bsn_fingerprint=fingerprint(person.bsn) if person.bsn else "",
        search_surname=folded_surname(person.surname),
    )


@transaction.atomic
def add_member(*, household: Household, person: NewMember, by: User | None, now: dt.datetime) -> Member:
    """Add a person to a household and to the names it is found by.

    Refuses BsnKnown. Repeatable: somebody with the same name and date of birth is there already and is returned.
    """
    row = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    members = list(Member.objects.filter(household=row, left_on=None))
    made = make_member(row, person)
    made.joined_on = clock.local_date(now)
    same = (made.given_names, made.prefix, made.surname, made.born)
    for one in members:
        if made.full_name and (one.given_names, one.prefix, one.surname, one.born) == same:
            return one
    if made.bsn and (known := Member.objects.filter(bsn_fingerprint=made.bsn_fingerprint, left_on=None).first()):
        raise BsnKnown(known.household)
    made.save()
    describe(row, [*members, made])
    row.save(update_fields=["display_name", "sort_name", "search_name"])
    audit(by=by, now=now, action="add_member", on=row, details={"member": made.pk, "role": str(made.role)})
    return made
