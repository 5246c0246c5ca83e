"""Missed appointments that somebody must still follow up, so that nobody falls off silently (R-24, S12)."""

import datetime as dt
from collections.abc import Iterable

from django.db import models
from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Extract
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.appointments.models.appointments import APPEARED, MISSED, Appointment, Outcome
from casework.core.models import Role, User
from casework.households.models import Term, TermKind, missed_in_a_row


def in_a_row(outcomes: Iterable[str]) -> int:
    """How many N in a row, of outcomes from new to old: V and L begin anew, X, A, E and R do not count (R-24)."""
    number = 0
    for outcome in outcomes:
        if outcome in APPEARED:
            break
        number += outcome == Outcome.NO_SHOW
    return number


class FollowUpState(models.TextChoices):
    OPEN = "open", pgettext_lazy("follow-up", "To be followed up")
    RETURNED = "returned", _("Came back")
    NOT_NEEDED = "not_needed", _("Not needed")
    WITHDRAWN = "withdrawn", pgettext_lazy("follow-up", "Withdrawn: the attendance was corrected")
    ENDED = "ended", _("The help has ended")


# What each may become. A correction takes away the visit that closed an item, or what it was about, and the item follows.
MOVES: dict[str, set[FollowUpState]] = {
    FollowUpState.OPEN: set(FollowUpState) - {FollowUpState.OPEN},
    FollowUpState.RETURNED: {FollowUpState.OPEN, FollowUpState.WITHDRAWN},
    FollowUpState.NOT_NEEDED: {FollowUpState.WITHDRAWN},
    FollowUpState.WITHDRAWN: {FollowUpState.OPEN},
    FollowUpState.ENDED: {FollowUpState.WITHDRAWN},
}


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """As the agenda: desk, counsellors and supervisors see all, nobody else any (R-90d)."""
        if user.is_active and user.role in {Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR}:
            return self
        return self.none()

    def open(self):
        return self.filter(state=FollowUpState.OPEN)

    def late(self, today: dt.date):
        """Open, and the day of the next step has passed."""
        return self.open().filter(due_on__lt=today)

    def owned_by(self, counsellor):
        """The household's own counsellor follows up; while it has none, who had the appointment."""
        return self.with_owner().filter(owner_key=counsellor.pk)

    def with_owner(self):
        return self.annotate(owner_key=Coalesce("appointment__household__owner", "appointment__counsellor"))

    def with_urgency(self):
        """`urgent`: an urgent term of the household runs (R-05)."""
        terms = Term.objects.open().filter(kind=TermKind.URGENT, household=OuterRef("appointment__household"))
        return self.annotate(urgent=Exists(terms))

    def ranked(self):
        """With `urgent`, `in_a_row` and `rank`: urgent first, then in a row, then the oldest (S12)."""
        rows = self.with_owner().with_urgency().annotate(in_a_row=missed_in_a_row("appointment__household"))
        rank = Case(When(urgent=True, then=Value(0)), default=Value(10**15)) + (
            (Value(99) - F("in_a_row")) * Value(10**13) + Extract("appointment__starts_at", "epoch")
        )
        return rows.annotate(rank=models.ExpressionWrapper(rank, output_field=BigIntegerField()))

    def for_list(self):
        """With everything a row of the list shows, in one query."""
        return self.select_related(
            "appointment__household__owner__user", "appointment__counsellor__user", "appointment__type",
            "appointment__location", "appointment__reason", "closed_by",
        )  # fmt: skip


class FollowUp(models.Model):
    """That somebody follows up one missed appointment, and before when. What it is about stands in the appointment.

    The owner is who has the household now (`with_owner`), so that a transfer takes its open items along.
    """

    appointment = models.OneToOneField(
        Appointment, models.PROTECT, verbose_name=_("appointment"), related_name="follow_up"
    )
    state = models.CharField(_("state"), max_length=10, choices=FollowUpState, default=FollowUpState.OPEN)
    due_on = models.DateField(_("next step before"))
    made_at = models.DateTimeField(_("made"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # Nobody where it closed by itself.
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("closed by"), related_name="+"
    )
    why = models.CharField(_("why this is not needed"), max_length=200, blank=True)
    came_with = models.ForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("came back with"),
        related_name="brought_back",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="follow_up_open_until_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_needed") | (~Q(why="") & Q(closed_by__isnull=False)),
                name="follow_up_not_needed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="returned", came_with__isnull=False) | (~Q(state="returned") & Q(came_with=None)),
                name="follow_up_returned_with_appointment",
            ),
        ]
        indexes = [
            # The list and the sweep look at open ones only.
            models.Index(fields=["due_on"], name="follow_up_open", condition=Q(state="open")),
        ]

    def __str__(self):
        return f"{self.appointment} → {self.due_on:%Y-%m-%d}"

    @property
    def household(self):
        return self.appointment.household

    @property
    def owner(self):
        """No query after `for_list`."""
        return self.household.owner or self.appointment.counsellor

    @property
    def is_open(self) -> bool:
        return self.state == FollowUpState.OPEN

    @property
    def excused(self) -> bool:
        """X: there was a good reason; it is followed up all the same (R-24)."""
        return self.appointment.outcome == Outcome.EXCUSED


def missed_without_follow_up():
    """Missed appointments that have no item yet, such as after a delivery."""
    return Appointment.objects.filter(outcome__in=MISSED, walk_in=False, follow_up=None)
