"""What a resident agreed to: how we may reach them, and what we may share with whom (domain.md 4.2, 7.1, 7.2)."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.core.models import User


class ConsentChannel(models.TextChoices):
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    WHATSAPP = "whatsapp", _("WhatsApp")
    VOICEMAIL = "voicemail", _("Voicemail")


class ConsentSource(models.TextChoices):
    TALK = "talk", _("In a talk")
    PHONE = "phone", _("By telephone")
    FORM = "form", _("On a form")
    OTHER = "other", _("Otherwise")


class ChannelConsent(models.Model):
    """One answer to "may we reach you this way?". Answers are added, never changed: the newest one counts."""

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="consents"
    )
    channel = models.CharField(_("way of contact"), max_length=10, choices=ConsentChannel)
    agreed = models.BooleanField(_("agreed"))
    source = models.CharField(_("how we know"), max_length=6, choices=ConsentSource)
    given_on = models.DateField(_("said on"))
    recorded_on = models.DateField(_("recorded on"))
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name=_("recorded by"))
    form_token = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("consent to a way of contact")
        verbose_name_plural = _("consents to ways of contact")
        ordering = ["given_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(given_on__lte=F("recorded_on")),
                name="consent_not_in_future",
                violation_error_message=_("This date must not lie in the future."),
            ),
        ]

    def __str__(self):
        return f"{self.get_channel_display()}: {_('yes') if self.agreed else _('no')}"


class AgreementWith(models.TextChoices):
    MAIT = "MAIT", _("MAIT")
    KBR = "KBR", _("KBR")
    JPF = "JPF", _("JPF")
    OTHER = "other", _("Somebody else")


class AgreementHow(models.TextChoices):
    SPOKEN = "spoken", _("By word of mouth")
    SIGNED = "signed", _("Signed")


class SharedField(models.TextChoices):
    """What may be shared; what each partner may have at most stands in R-71."""

    NAME = "name", _("Name")
    PHONE = "phone", _("Telephone")
    LANGUAGE = "language", _("Language")
    POSTCODE = "postcode", _("Postcode area")
    QUESTION = "question", _("The question")
    DOCUMENTS = "documents", _("Chosen documents")
    ADDRESS = "address", _("Address")
    BORN = "born", _("Date of birth")
    BSN = "bsn", _("BSN")
    DEBTS = "debts", _("Debts")
    BUDGET = "budget", _("Budget")
    WORK = "work", _("Education and work")


class AgreementQuerySet(models.QuerySet):
    def standing(self, today: dt.date):
        return self.filter(Q(until=None) | Q(until__gte=today), withdrawn_at=None)


class Agreement(models.Model):
    """What a resident agreed that we share: with whom, what for, which fields, from when until when (R-70, R-73).

    Never changed afterwards: another agreement is another row, and this one is withdrawn.
    """

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="agreements"
    )
    member = models.ForeignKey(
        "casework.Member", models.SET_NULL, null=True, blank=True, verbose_name=_("who agreed"), related_name="+"
    )
    with_whom = models.CharField(_("with whom"), max_length=5, choices=AgreementWith)
    other_name = models.CharField(_("name of the organisation"), max_length=120, blank=True)
    purpose = models.CharField(_("what for"), max_length=200)
    fields = ArrayField(models.CharField(max_length=10, choices=SharedField), verbose_name=_("what we may share"))
    how = models.CharField(_("how"), max_length=6, choices=AgreementHow)
    agreed_on = models.DateField(_("agreed on"))
    until = models.DateField(_("until"), null=True, blank=True)
    recorded_on = models.DateField(_("recorded on"))
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name=_("recorded by"), related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("withdrawal recorded by"), related_name="+"
    )
    form_token = models.UUIDField(null=True, unique=True, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-agreed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_on__lte=F("recorded_on")),
                name="agreement_not_in_future",
                violation_error_message=_("This date must not lie in the future."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("agreed_on")),
                name="agreement_dates_in_order",
                violation_error_message=_("The last date must not be before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(fields=[]),
                name="agreement_shares_something",
                violation_error_message=_("Choose what we may share."),
            ),
            models.CheckConstraint(
                condition=~Q(with_whom="other") | ~Q(other_name=""),
                name="agreement_names_the_other",
                violation_error_message=_("Write the name of the organisation."),
            ),
        ]

    def __str__(self):
        return f"{self.whom}: {self.purpose}"

    @property
    def whom(self) -> str:
        return self.other_name if self.with_whom == AgreementWith.OTHER else self.get_with_whom_display()

    @property
    def shared(self) -> list[str]:
        """What may be shared, in words."""
        return [str(SharedField(name).label) for name in self.fields]

    def is_standing(self, today: dt.date) -> bool:
        return self.withdrawn_at is None and (self.until is None or self.until >= today)
