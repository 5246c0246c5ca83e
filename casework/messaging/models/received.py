"""What residents send back: text messages and e-mails as they came in, each once (messages.md 4.1, decision 0061)."""

import re

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.core.models import Role, User
from casework.households.models import Household, Task

# A text that begins so may mean that somebody wants no messages any more. A person asks: nothing is switched off by it.
_STOPS = re.compile(r"\W*(stop|stoppen|afmelden|uitschrijven|unsubscribe)\b", re.IGNORECASE)


class ReceivedTextQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Texts of the households that a user may open, and those of nobody we know."""
        if user.is_active and user.role in {Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR}:
            return self
        return self.none()

    def from_strangers(self):
        """Of numbers that no open household has, and not handled yet."""
        return self.filter(household=None, settled_at=None)


class ReceivedText(models.Model):
    """One text message or e-mail from a resident. Of a number or address that several households share, one row for each of them.

    With a household it has a task, which says whether somebody dealt with it; without one it says so itself.
    """

    # The provider's own id: a text that comes in twice is stored once.
    provider_id = models.UUIDField(null=True, editable=False)
    # The how many-eth household of its number, from nought.
    copy = models.PositiveSmallIntegerField(default=0, editable=False)
    household = models.ForeignKey(
        Household, models.CASCADE, null=True, verbose_name=_("household"), related_name="received_texts"
    )
    task = models.OneToOneField(Task, models.CASCADE, null=True, verbose_name=_("task"), related_name="received_text")
    # An e-mail address, or a telephone number, E.164 where it is one.
    sender = models.CharField(_("from"), max_length=254, blank=True)
    text = models.TextField(_("text"), blank=True)
    received_at = models.DateTimeField(_("received"))
    noted_at = models.DateTimeField(_("made"))
    settled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("handled by"), related_name="+"
    )

    objects = ReceivedTextQuerySet.as_manager()

    # Until thirteen months after it came in.
    HAS_TEXT = ~Q(sender="") | ~Q(text="") | Q(provider_id__isnull=False)

    class Meta:
        verbose_name = _("received text message")
        verbose_name_plural = _("received text messages")
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["provider_id", "copy"], name="received_text_once"),
            models.CheckConstraint(
                condition=Q(household=None, task=None)
                | Q(household__isnull=False, task__isnull=False, settled_at=None, settled_by=None),
                name="received_text_has_one_end",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="received_text_handled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-received_at", "-id"],
                name="received_text_from_strangers",
                condition=Q(household=None, settled_at=None),
            ),
            # Retention asks each night for the oldest that still say something.
            models.Index(
                fields=["noted_at"],
                name="received_text_with_text",
                condition=~Q(sender="") | ~Q(text="") | Q(provider_id__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def by_mail(self) -> bool:
        return "@" in self.sender

    @property
    def may_mean_stop(self) -> bool:
        """Whether it begins as somebody writes who wants no messages any more."""
        return bool(_STOPS.match(self.text))
