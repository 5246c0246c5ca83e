"""What lets residents cancel by themselves: a one-time code in the reminder, and the address of a page (decision 0067)."""

import datetime as dt
import re
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.appointments.models.appointments import CANCELLED, Appointment

# Without letters and digits that look like each other on paper.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TOKEN_LENGTH, CODE_LENGTH = 12, 4
_TOKEN = re.compile(rf"[{_ALPHABET}]{{{TOKEN_LENGTH}}}")
# A reply that is only the code, with or without a word that says no: whoever writes more is read by a person.
_REPLY = re.compile(rf"\W*(?:nee|neen|nein|no)?\W*([0-9]{{{CODE_LENGTH}}})\W*", re.IGNORECASE)


class CancelCodeQuerySet(models.QuerySet):
    def with_everything(self):
        return self.select_related("appointment__household", "appointment__location", "appointment__type")

    def called(self, token: str):
        """As it is typed from paper: small letters, with or without hyphens and spaces."""
        typed = re.sub(r"[\s-]", "", token).upper()
        return self.filter(token=typed) if _TOKEN.fullmatch(typed) else self.none()

    def open(self):
        """Of a planned appointment that is still at the time it was made for, and not used."""
        return self.filter(used_at=None, appointment__outcome="", appointment__starts_at=models.F("starts_at"))


class CancelCode(models.Model):
    """One per appointment and start; moving an appointment ends it. `code` works together with a known number only."""

    appointment = models.ForeignKey(
        Appointment, models.CASCADE, verbose_name=_("appointment"), related_name="cancel_codes", db_index=False
    )
    starts_at = models.DateTimeField(_("start"))
    token = models.CharField(max_length=TOKEN_LENGTH, unique=True, editable=False)
    code = models.CharField(max_length=CODE_LENGTH, editable=False)
    made_at = models.DateTimeField(_("made"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects = CancelCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code to cancel")
        verbose_name_plural = _("codes to cancel")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["appointment", "starts_at"], name="cancel_code_once"),
            models.CheckConstraint(
                condition=Q(token__regex=rf"^[{_ALPHABET}]{{{TOKEN_LENGTH}}}$")
                & Q(code__regex=rf"^[0-9]{{{CODE_LENGTH}}}$"),
                name="cancel_code_in_its_alphabet",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    def is_open(self, now: dt.datetime) -> bool:
        """Whether pressing the button would cancel. No query after `with_everything`."""
        row = self.appointment
        return not self.used_at and not row.outcome and now < self.starts_at == row.starts_at

    @property
    def has_cancelled(self) -> bool:
        """It was used, and nobody took that back."""
        return bool(self.used_at) and self.appointment.outcome in CANCELLED

    @property
    def address(self) -> str:
        """Of the page, in groups that can be typed; empty where ETF does not know its own address."""
        groups = "-".join(re.findall("....", self.token))
        return settings.ETF_ADDRESS + reverse("self_cancel", args=[groups]) if settings.ETF_ADDRESS else ""


def new_token() -> str:
    return "".join(secrets.choice(_ALPHABET) for _place in range(TOKEN_LENGTH))


def new_code() -> str:
    return f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}"


def code_in(reply: str) -> str:
    """The code of a reply that says nothing else; empty for any other."""
    found = _REPLY.fullmatch(reply)
    return found[1] if found else ""
