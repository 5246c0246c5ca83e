"""The people of a household, and the names it is found by."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.core import clock, names
from casework.core.actions import audit, change_row, made_before
from casework.core.dates import DAY
from casework.core.encryption import fingerprint
from casework.core.models import User
from casework.core.refusals import Refused
from casework.households.actions.locking import lock_household
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
    may_be_spoken_to: bool = True


def folded_surname(surname: str) -> str:
    """As it is compared (R-52). Folding may make a name longer: ß becomes ss."""
    return names.fold(surname)[: Member._meta.get_field("search_surname").max_length]


def describe(household: Household, members: list[Member]) -> None:
    """Set the names that lists sort and search by, from the members. Does not save."""
    client = next((one for one in members if one.role == MemberRole.CLIENT), members[0])
    household.display_name = client.full_name
    sort_name = names.sort_name(client.given_names or client.initials, client.prefix, client.surname)
    household.sort_name = sort_name[: Household._meta.get_field("sort_name").max_length]
    household.search_name = search_text(members)


def search_text(members: list[Member]) -> str:
    """The words and dates of birth that these people are found by (S05, R-51), as a trigger spreads them out."""
    words = [word for one in members for word in names.search_words(one.given_names, one.prefix, one.surname)]
    births = [one.birth.word for one in members if one.birth]
    return " ".join(dict.fromkeys([*words, *births]))


def known_of(born: dt.date | None) -> str:
    """How much of a date of birth is known; of a plain date all."""
    return getattr(born, "known", DAY)


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
        born_known=known_of(person.born),
        gender=person.gender,
        may_be_spoken_to=person.may_be_spoken_to,
        bsn=person.bsn,
        bsn_fingerprint=fingerprint(person.bsn) if person.bsn else "",
        search_surname=folded_surname(person.surname),
    )


def with_bsn(*prints: str) -> QuerySet[Member]:
    """Who has one of these BSNs in a household that is open; an earlier file is in nobody's way (R-52, R-62)."""
    return Member.objects.filter(
        bsn_fingerprint__in=[one for one in prints if one], left_on=None, household_closed=False
    ).select_related("household")


def _refuse_known_bsn(print_of_bsn: str, *, household: Household, but: Member | None = None) -> None:
    """R-52: one BSN belongs to one person; a closed household is an earlier file of them."""
    if household.is_closed:
        return
    if known := with_bsn(print_of_bsn).exclude(pk=but.pk if but else None).first():
        raise BsnKnown(known.household)


def _name_again(household: Household) -> None:
    """The names that a household is found by, from its members as they stand; refuses one without members."""
    members = list(Member.objects.filter(household=household, left_on=None))
    if not members:
        raise Refused(_("Somebody must stay in this household. Close the household instead."), field="left_on")
    describe(household, members)
    household.save(update_fields=["display_name", "sort_name", "search_name"])


@transaction.atomic
def add_member(
    *, household: Household, person: NewMember, form_token: UUID | None = None, by: User | None, now: dt.datetime
) -> Member:
    """Add a person to a household and to the names it is found by.

    Refuses BsnKnown. Repeatable with the same `form_token` (R-17); somebody with the same name and date of birth is
    there already and is returned too.
    """
    row = lock_household(household.pk)
    if earlier := made_before(Member, form_token, household=row):
        return earlier
    made = make_member(row, person)
    made.joined_on, made.form_token = clock.local_date(now), form_token
    same = (made.given_names, made.prefix, made.surname, made.born, made.born_known)
    for one in Member.objects.filter(household=row, left_on=None):
        if made.full_name and (one.given_names, one.prefix, one.surname, one.born, one.born_known) == same:
            return one
    _refuse_known_bsn(made.bsn_fingerprint, household=row)
    made.save()
    _name_again(row)
    audit(by=by, now=now, action="add_member", on=row, details={"member": made.pk, "role": str(made.role)})
    return made


@transaction.atomic
def change_member(
    *, member: Member, values: dict, bsn: str | None = None, version: int, by: User, now: dt.datetime
) -> Member:
    """Change a person of a household, or note until when they belonged to it (`left_on`).

    `bsn` is None to leave it, empty to take it away, or nine checked digits (R-54). Refuses ChangedMeanwhile (R-19),
    BsnKnown (R-52), dates that cannot be, and the last person leaving. Repeatable: the same values change nothing.
    """
    household = lock_household(member.household_id)
    row = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    _refuse_dates(values.get("joined_on"), values.get("left_on"), clock.local_date(now))
    wanted = {name: names.clean(value) if name in _NAMES else value for name, value in values.items()}
    if "born" in wanted:
        wanted["born_known"] = known_of(wanted["born"])
    wanted["search_surname"] = folded_surname(wanted.get("surname", row.surname))
    if bsn is not None:
        wanted |= {"bsn": bsn, "bsn_fingerprint": fingerprint(bsn) if bsn else ""}
    if row.version == version and wanted.get("left_on", row.left_on) is None:
        _refuse_known_bsn(wanted.get("bsn_fingerprint", row.bsn_fingerprint), household=household, but=row)
    if changed := set(change_row(row, wanted, version=version)):
        _name_again(household)
        said = {"born" if name == "born_known" else name for name in changed - {"bsn_fingerprint", "search_surname"}}
        details = {"member": row.pk, "changed": sorted(said)}
        audit(by=by, now=now, action="change_member", on=household, details=details)
    return row


_NAMES = {"given_names", "initials", "prefix", "surname"}


def _refuse_dates(joined: dt.date | None, left: dt.date | None, today: dt.date) -> None:
    if left and left > today:
        raise Refused(_("This date must not lie in the future."), field="left_on")
    if left and joined and left < joined:
        raise Refused(_("The last date must not be before the first."), field="left_on")
