"""Why somebody was missed: a list that the city keeps itself (S11, S25)."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class MissedReasonQuerySet(models.QuerySet):
    def choices(self) -> list[tuple[str, str]]:
        """What a form offers: code and name, in the order of the city. One query."""
        return [(one.code, str(one)) for one in self.filter(active=True)]


class MissedReason(models.Model):
    """Such as *vergeten*. What stands keeps its reason, also when that is not offered any more."""

    code = models.CharField(
        _("code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[a-z_]+\Z", _("Use only small letters a to z and _."))],
        help_text=_("For files; it stays as it is. Small letters, such as no_papers."),
    )
    name = models.CharField(_("name in Dutch"), max_length=60, unique=True)
    name_english = models.CharField(_("name in English"), max_length=60)
    place = models.PositiveSmallIntegerField(
        _("place in the list"), default=50, help_text=_("The lowest number stands first.")
    )
    active = models.BooleanField(_("in use"), default=True)

    objects = MissedReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for missing an appointment")
        verbose_name_plural = _("reasons for missing an appointment")
        ordering = ["place", "name"]

    def __str__(self):
        return self.name_english if get_language() == "en" else self.name
