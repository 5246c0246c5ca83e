"""Stacks of letters that somebody printed at one go, to be posted (decision 0063)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.core.models import Role, User


class BatchState(models.TextChoices):
    """POSTED: every letter that still stood went to the post. AGAIN: nothing came of it, its letters wait again."""

    TO_POST = "to_post", _("To be posted")
    POSTED = "posted", _("Posted")
    AGAIN = "again", _("Not printed")


MOVES: dict[BatchState, set[BatchState]] = {
    BatchState.TO_POST: {BatchState.POSTED, BatchState.AGAIN},
    BatchState.POSTED: set(),
    BatchState.AGAIN: set(),
}


class LetterBatchQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Every stack, for those who may open every household."""
        if user.is_active and user.role in {Role.DESK, Role.SUPERVISOR}:
            return self
        return self.none()


class LetterBatch(models.Model):
    """One stack of paper. What stands on it is in its letters; the document is made from them each time, and never kept."""

    state = models.CharField(_("state"), max_length=10, choices=BatchState, default=BatchState.TO_POST)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("made by"), related_name="+")
    settled_at = models.DateTimeField(_("posted"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("posted by"), related_name="+", null=True, blank=True
    )

    objects = LetterBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("stack of letters")
        verbose_name_plural = _("stacks of letters")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="to_post", settled_at=None, settled_by=None)
                | (~Q(state="to_post") & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="letter_batch_settled_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["made_at"], name="letter_batch_to_post", condition=Q(state="to_post"))]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == BatchState.TO_POST
