"""What a counsellor proposes and a supervisor decides: another counsellor for a household (R-60, R-90h)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.core.models import User
from casework.counsellors.models import Counsellor


class ProposalState(models.TextChoices):
    OPEN = "open", _("To be decided")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


# Decided once: a second thought is another proposal.
MOVES: dict[ProposalState, set[ProposalState]] = {
    ProposalState.OPEN: {ProposalState.APPROVED, ProposalState.DECLINED},
    ProposalState.APPROVED: set(),
    ProposalState.DECLINED: set(),
}


class TransferProposal(models.Model):
    """A counsellor asks that a household goes to a colleague; a supervisor transfers it, or does not."""

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="transfer_proposals"
    )
    to = models.ForeignKey(Counsellor, models.PROTECT, verbose_name=_("new counsellor"), related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=ProposalState, default=ProposalState.OPEN)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("proposed by"), related_name="+")
    settled_at = models.DateTimeField(_("decided"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("decided by"), related_name="+"
    )

    class Meta:
        verbose_name = _("proposed transfer")
        verbose_name_plural = _("proposed transfers")
        ordering = ["proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state="open"),
                name="transfer_proposed_once",
                violation_error_message=_("A transfer of this household is proposed already."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None, settled_by=None)
                | (~Q(state="open") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="transfer_proposal_settled_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.household} → {self.to}"
