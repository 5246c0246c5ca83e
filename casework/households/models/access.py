"""Why somebody opened a household outside their own caseload (R-91)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AccessReasonKind(models.TextChoices):
    COVER = "cover", _("I am covering for a colleague")
    RESIDENT = "resident", _("The resident asked for it")
    COMPLAINT = "complaint", _("A complaint")
    OTHER = "other", _("Another reason")


class AccessReason(models.Model):
    """Why somebody opened a household outside their own caseload; valid until midnight (R-91)."""

    user = models.ForeignKey("casework.User", models.PROTECT, verbose_name=_("user"))
    household = models.ForeignKey("casework.Household", models.CASCADE, verbose_name=_("household"))
    valid_on = models.DateField(_("valid on"))
    kind = models.CharField(_("reason"), max_length=10, choices=AccessReasonKind)
    text = models.CharField(_("explanation"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("reason of access")
        verbose_name_plural = _("reasons of access")
        constraints = [
            models.UniqueConstraint(fields=["user", "household", "valid_on"], name="access_reason_once_a_day"),
            models.CheckConstraint(
                condition=~Q(kind="other") | ~Q(text=""),
                name="access_reason_other_explained",
                violation_error_message=_("Say what the reason is."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()
