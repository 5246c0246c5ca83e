"""Attempts to reach a household, which closing with *did not appear* asks for (R-25)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.core.models import User


class AttemptKind(models.TextChoices):
    PHONE = "phone", _("Telephone")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    VISIT = "visit", _("Home visit")


class AttemptResult(models.TextChoices):
    NO_ANSWER = "no_answer", _("No answer")
    VOICEMAIL = "voicemail", _("Voicemail left")
    LEFT = "left", _("Sent or left behind, no answer yet")
    UNREACHABLE = "unreachable", _("Number or address is not right")
    SPOKEN = "spoken", _("Spoken with")


class ContactAttempt(models.Model):
    """Somebody tried to reach a household. Rows are added, never changed."""

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="contact_attempts",
        db_index=False,
    )  # fmt: skip
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+")
    kind = models.CharField(_("way of contact"), max_length=6, choices=AttemptKind)
    result = models.CharField(_("result"), max_length=11, choices=AttemptResult)
    form_token = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("contact attempt")
        verbose_name_plural = _("contact attempts")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=AttemptKind.values), name="contact_attempt_known_kind"),
            models.CheckConstraint(
                condition=~models.Q(result="voicemail") | models.Q(kind="phone"),
                name="contact_attempt_voicemail_by_phone",
                violation_error_message=_("A voicemail is left by telephone."),
            ),
        ]
        indexes = [models.Index(fields=["household", "-at"], name="contact_attempt_of_household")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
