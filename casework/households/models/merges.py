"""Two households that are the same people: proposed, merged, undone (R-53)."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.core.encryption import EncryptedField
from casework.core.models import User

# so long a merge can be taken back.
UNDO_DAYS = 14


class MergeState(models.TextChoices):
    PROPOSED = "proposed", _("To be decided")
    DECLINED = "declined", _("Declined")
    MERGED = "merged", _("Merged")
    UNDONE = "undone", _("Undone")


MOVES: dict[MergeState, set[MergeState]] = {
    MergeState.PROPOSED: {MergeState.DECLINED, MergeState.MERGED},
    MergeState.DECLINED: set(),
    MergeState.MERGED: {MergeState.UNDONE},
    MergeState.UNDONE: set(),
}


class Merge(models.Model):
    """One household goes into another: the older case number survives (R-53)."""

    surviving = models.ForeignKey(
        "casework.Household", models.PROTECT, verbose_name=_("household that stays"), related_name="merges"
    )
    absorbed = models.ForeignKey(
        "casework.Household", models.PROTECT, verbose_name=_("household that goes into it"), related_name="merges_away"
    )
    state = models.CharField(_("state"), max_length=8, choices=MergeState)
    reason = models.CharField(_("reason"), max_length=200)
    # What is taken over from the household that goes, by the names of `actions.merging.CONTACT_CHOICES`.
    takes = ArrayField(models.CharField(max_length=20), verbose_name=_("what is taken over"), default=list, blank=True)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("proposed by"), related_name="+")
    settled_at = models.DateTimeField(_("decided"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("decided by"), related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("undone by"), related_name="+"
    )

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["proposed_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(surviving=F("absorbed")), name="merge_of_two"),
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(state="merged"), name="merge_absorbed_once",
                violation_error_message=_("This household is merged already."),
            ),
            models.UniqueConstraint(
                fields=["surviving", "absorbed"], condition=Q(state="proposed"), name="merge_proposed_once",
                violation_error_message=_("This merge is proposed already."),
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", settled_at=None, settled_by=None)
                | (~Q(state="proposed") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="merge_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False, undone_by__isnull=False)
                | (~Q(state="undone") & Q(undone_at=None, undone_by=None)),
                name="merge_undone_by_somebody",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.absorbed_id} → {self.surviving_id}"

    def may_undo(self, now: dt.datetime) -> bool:
        return self.state == MergeState.MERGED and now - self.settled_at <= dt.timedelta(days=UNDO_DAYS)


class MergeStep(models.Model):
    """One row that a merge changed, with what stood in it before: what an undo needs (R-53)."""

    merge = models.ForeignKey(Merge, models.CASCADE, verbose_name=_("merge"), related_name="steps")
    model = models.CharField(_("model"), max_length=60)
    key = models.CharField(_("key"), max_length=40)
    # JSON: column → value before and after, as text. About residents, so encrypted.
    before = EncryptedField()
    after = EncryptedField()

    class Meta:
        verbose_name = _("step of a merge")
        verbose_name_plural = _("steps of merges")
        ordering = ["id"]

    def __str__(self):
        return f"{self.model}:{self.key}"
