"""Who somebody may already be (R-52), also in an earlier file (R-62)."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.core.dates import MONTH, YEAR, BirthDate
from casework.core.encryption import fingerprint
from casework.core.refusals import Refused
from casework.households.actions.members import NewMember, folded_surname, known_of, with_bsn
from casework.households.models import Household


class PossibleDuplicate(Refused):
    """Somebody very alike is registered; `candidates` are shown first, a reason goes on (R-52)."""

    def __init__(self, candidates: list[Household]):
        super().__init__(_("This person may already be registered. Look at the households below first."))
        self.candidates = candidates


@dataclass(frozen=True)
class Duplicates:
    """What R-52 finds: a household with this BSN, candidates to look at first, and only worth a note."""

    same_bsn: Household | None = None
    candidates: list[Household] = field(default_factory=list)
    noted: list[Household] = field(default_factory=list)


def find_duplicates(*, client: NewMember, contact: dict) -> Duplicates:
    """Households that may be the same people (R-52). Constant queries."""
    print_of_bsn = fingerprint(client.bsn) if client.bsn else ""
    known = with_bsn(print_of_bsn).first() if print_of_bsn else None
    mobile, postcode = contact.get("mobile", ""), contact.get("postcode", "")
    candidates = _candidates(client, mobile, print_of_bsn)
    near = Q(pk=None)
    if mobile:
        near |= Q(mobile=mobile)
    if postcode and contact.get("house_number"):
        near |= Q(postcode=postcode, house_number=contact["house_number"], addition=contact.get("addition", ""))
    others = Household.objects.filter(near, continued_in=None).exclude(pk__in=[one.pk for one in candidates])
    noted = list(others.order_by("sort_name", "pk")[:5])
    return Duplicates(known.household if known else None, candidates, noted)


def _born_as(born: dt.date) -> Q:
    """Members whose date of birth, as far as it is known, can be this one."""
    month, year = BirthDate.of(born, MONTH), BirthDate.of(born, YEAR)
    less_known = Q(members__born=year, members__born_known=YEAR)
    if known_of(born) == YEAR:
        return Q(members__born__range=(year, dt.date(born.year, 12, 31)))
    if known_of(born) == MONTH:
        last = (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        return less_known | Q(members__born__range=(month, last))
    return less_known | Q(members__born=month, members__born_known=MONTH) | Q(members__born=born)


def _candidates(client: NewMember, mobile: str, print_of_bsn: str) -> list[Household]:
    """Who may be the same person, open households first; of several files the one that nothing follows (R-62)."""
    same = Q(pk=None)
    if client.born:
        same_name = Q(members__search_surname=folded_surname(client.surname)) if client.surname else Q(pk=None)
        same_mobile = Q(mobile=mobile) if mobile else Q(pk=None)
        # One join: the member of that birth date is the one with that name.
        same = _born_as(client.born) & (same_name | same_mobile)
    if print_of_bsn:
        same |= Q(members__bsn_fingerprint=print_of_bsn, members__household_closed=True, members__left_on=None)
    rows = Household.objects.filter(same, merged_into=None, anonymised_on=None, continued_in=None)
    rows = rows.select_related("owner__user").prefetch_related("members").distinct()
    return sorted(rows.order_by("sort_name", "pk")[:10], key=lambda one: one.is_closed)
