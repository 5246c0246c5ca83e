"""Who somebody may already be (R-52)."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.core.encryption import fingerprint
from casework.core.refusals import Refused
from casework.households.actions.members import NewMember, folded_surname
from casework.households.models import Household, Member


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
    same_bsn = None
    if client.bsn:
        member = Member.objects.filter(bsn_fingerprint=fingerprint(client.bsn), left_on=None).first()
        same_bsn = member.household if member else None
    mobile, postcode = contact.get("mobile", ""), contact.get("postcode", "")
    alike = Household.objects.none()
    if client.born:
        same_name = Q(members__search_surname=folded_surname(client.surname)) if client.surname else Q(pk=None)
        same_mobile = Q(mobile=mobile) if mobile else Q(pk=None)
        # One join: the member of that birth date is the one with that name.
        alike = (
            Household.objects.filter(merged_into=None)
            .filter(Q(members__born=client.born) & (same_name | same_mobile))
            .distinct()
        )
    candidates = list(alike.select_related("owner__user").prefetch_related("members").order_by("sort_name", "pk")[:10])
    near = Q(pk=None)
    if mobile:
        near |= Q(mobile=mobile)
    if postcode and contact.get("house_number"):
        near |= Q(postcode=postcode, house_number=contact["house_number"], addition=contact.get("addition", ""))
    others = Household.objects.filter(near).exclude(pk__in=[one.pk for one in candidates])
    noted = list(others.order_by("sort_name", "pk")[:5])
    return Duplicates(same_bsn, candidates, noted)
