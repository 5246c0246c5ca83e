"""Who came back after we missed them, and after which contact (decision 0050)."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from casework.appointments.models import FollowUp, FollowUpState
from casework.core import clock
from casework.households.models import AttemptKind, ContactAttempt
from casework.reports.reads.figures import Scope, Slice

NO_CONTACT = "none"


@dataclass(frozen=True)
class Returned:
    """How many came back of all that were missed, and the same per kind of the last contact."""

    total: Slice
    kinds: list[Slice]


def missed_in(scope: Scope, *, now: dt.datetime) -> QuerySet[FollowUp]:
    """What was missed in a period, of the place and counsellor of the planned start (C3, C11), with its last contact.

    `last_kind` and `last_at`: the last attempt between the planned start and the start of the talk to which they
    came, or now. What was corrected afterwards is left out.
    """
    first, after = clock.day_bounds(scope.first)[0], clock.day_bounds(scope.last)[1]
    rows = FollowUp.objects.exclude(state=FollowUpState.WITHDRAWN).filter(
        appointment__starts_at__gte=first, appointment__starts_at__lt=after
    )
    chosen = {
        "appointment__location": scope.location_id, "appointment__type": scope.type_id,
        "appointment__counsellor": scope.counsellor_id, "appointment__type__first_talk": scope.first_talks or None,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in chosen.items() if value is not None})
    contacts = ContactAttempt.objects.filter(
        household=OuterRef("appointment__household"), at__gt=OuterRef("appointment__starts_at"),
        at__lt=Coalesce(OuterRef("came_with__starts_at"), now),
    ).order_by("-at", "-pk")  # fmt: skip
    return rows.annotate(last_kind=Subquery(contacts.values("kind")[:1]), last_at=Subquery(contacts.values("at")[:1]))


def returned_to_care(scope: Scope, *, now: dt.datetime) -> Returned:
    """One query."""
    came = Count("pk", filter=Q(state=FollowUpState.RETURNED))
    found = missed_in(scope, now=now).order_by().values("last_kind").annotate(all=Count("pk"), came=came)
    numbers = {row["last_kind"] or NO_CONTACT: (row["came"], row["all"]) for row in found}
    labels = [*AttemptKind.choices, (NO_CONTACT, _("No contact was logged"))]
    kinds = [Slice(str(label), *numbers[key], key=key) for key, label in labels if key in numbers]
    whole = [sum(one[place] for one in numbers.values()) for place in (0, 1)]
    return Returned(Slice(_("Total"), *whole), kinds)


def who_returned(scope: Scope, kind: str, *, now: dt.datetime) -> QuerySet[FollowUp]:
    """The rows behind a number: who came back, after contact of that kind; every kind when it is empty."""
    rows = missed_in(scope, now=now).filter(state=FollowUpState.RETURNED)
    rows = rows.annotate(came_at=F("came_with__starts_at"))
    if kind:
        rows = rows.filter(last_kind=None) if kind == NO_CONTACT else rows.filter(last_kind=kind)
    return rows.select_related("appointment__household", "appointment__counsellor__user", "came_with__type")
