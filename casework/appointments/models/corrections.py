"""A correction that comes after the 14 days of R-22: proposed by whom it concerns, decided by a supervisor (S04)."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.appointments.models.appointments import Appointment, Outcome
from casework.appointments.models.reasons import MissedReason
from casework.core.models import User

# So long the answer stands on the first page of who proposed it; a holiday fits in it.
ANSWER_SHOWN = dt.timedelta(days=14)


class CorrectionState(models.TextChoices):
    OPEN = "open", _("To be decided")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


# Decided once: a second thought is another proposal.
MOVES: dict[CorrectionState, set[CorrectionState]] = {
    CorrectionState.OPEN: {CorrectionState.APPROVED, CorrectionState.DECLINED},
    CorrectionState.APPROVED: set(),
    CorrectionState.DECLINED: set(),
}


class CorrectionQuerySet(models.QuerySet):
    def to_decide(self):
        """What waits for a supervisor; of a household that was anonymised meanwhile there is nothing to decide."""
        return self.filter(state=CorrectionState.OPEN, appointment__household__anonymised_on=None)

    def answered_to(self, user: User, now: dt.datetime):
        """What a supervisor decided lately of what this person proposed, the newest first."""
        rows = self.filter(proposed_by=user, settled_at__gte=now - ANSWER_SHOWN)
        return rows.exclude(state=CorrectionState.OPEN).order_by("-settled_at", "-pk")

    def for_list(self):
        """With everything a row of a list shows, in one query."""
        return self.select_related(
            "appointment__household", "appointment__counsellor__user", "appointment__type", "appointment__location",
            "proposed_by", "settled_by", "missed_reason",
        )  # fmt: skip


class CorrectionProposal(models.Model):
    """Another outcome for an appointment, as it was asked. `version`: that of the appointment then (R-19)."""

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name=_("appointment"), related_name="corrections"
    )
    version = models.PositiveIntegerField(editable=False)
    was = models.CharField(_("outcome then"), max_length=2, choices=Outcome)
    becomes = models.CharField(_("proposed outcome"), max_length=2, choices=Outcome)
    missed_reason = models.ForeignKey(
        MissedReason, models.PROTECT, to_field="code", db_column="missed_reason", null=True, blank=True,
        db_index=False, verbose_name=_("reason, when missed"), related_name="corrections",
    )  # fmt: skip
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    why = models.CharField(_("why this is corrected"), max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=CorrectionState, default=CorrectionState.OPEN)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("proposed by"), related_name="+")
    settled_at = models.DateTimeField(_("decided"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("decided by"), related_name="+"
    )
    answer = models.CharField(_("why this is not corrected"), max_length=200, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed correction")
        verbose_name_plural = _("proposed corrections")
        ordering = ["proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(state="open"),
                name="correction_proposed_once",
                violation_error_message=_("A correction of this appointment is proposed already."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None, settled_by=None)
                | (~Q(state="open") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="correction_settled_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(answer=""), name="correction_declined_says_why"),
            models.CheckConstraint(condition=~Q(why=""), name="correction_says_why"),
            models.CheckConstraint(condition=~Q(becomes=models.F("was")), name="correction_changes_something"),
        ]
        indexes = [models.Index(fields=["proposed_by", "-settled_at"], name="correction_answers")]

    def __str__(self):
        return f"{self.appointment}: {self.was} → {self.becomes}"

    @property
    def is_open(self) -> bool:
        return bool(MOVES[CorrectionState(self.state)])

    @property
    def is_declined(self) -> bool:
        return self.state == CorrectionState.DECLINED

    @property
    def is_outdated(self) -> bool:
        """Whether the appointment changed since (R-19). No query after `for_list`."""
        return self.appointment.version != self.version
