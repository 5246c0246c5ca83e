"""What happens in the life of a household, who else helps, and what was noted (domain.md 4.1)."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.core.models import User


class LifeEventKind(models.TextChoices):
    """*Kantelmomenten*: moments that tip a budget (domain.md 1.2)."""

    DIVORCE = "divorce", _("Divorce or separation")
    DEATH = "death", _("Death of somebody near")
    BIRTH = "birth", _("Birth of a child")
    MOVING_IN = "moving_in", _("Moving in together")
    EIGHTEEN = "eighteen", _("A child turns 18")
    LEAVING_HOME = "leaving_home", _("A child leaves home")
    JOB_LOSS = "job_loss", _("Loss of work")
    NEW_JOB = "new_job", _("New work")
    PENSION = "pension", _("Pension")
    MOVING = "moving", _("Moving house")
    ILLNESS = "illness", _("Unable to work")
    RELEASE = "release", _("Release from detention")
    RESIDENCE = "residence", _("Residence permit")
    OTHER = "other", _("Something else")


class LifeEvent(models.Model):
    """Something that tips a budget, and whether somebody looked at what follows from it."""

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="life_events"
    )
    kind = models.CharField(_("what happened"), max_length=14, choices=LifeEventKind)
    happened_on = models.DateField(_("date"))
    consequence = models.CharField(_("what follows from it"), max_length=200, blank=True)
    checked_on = models.DateField(_("consequences checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("consequences checked by"), related_name="+"
    )
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("life event")
        verbose_name_plural = _("life events")
        ordering = ["-happened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_on=None, checked_by=None) | Q(checked_on__isnull=False, checked_by__isnull=False),
                name="life_event_checked_by_somebody",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class Helper(models.Model):
    """Somebody of another organisation who helps too, and whether we may talk to them (domain.md 4.1)."""

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="helpers"
    )
    name = models.CharField(_("name"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=16, blank=True)
    may_contact = models.BooleanField(_("we may contact them"), default=False)
    until = models.DateField(_("until"), null=True, blank=True)
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("other helper")
        verbose_name_plural = _("other helpers")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="helper_has_a_name",
                violation_error_message=_("Enter the name."),
            ),
        ]

    def __str__(self):
        return self.name

    def helps(self, today: dt.date) -> bool:
        return self.until is None or self.until >= today


class Programme(models.TextChoices):
    """Labels of programmes that a household takes part in (domain.md 4.1)."""

    VINDPLAATS = "vindplaats", _("Vindplaats")
    FAMILY = "gezinsaanpak", _("Gezinsaanpak")
    HELP_TEAM = "hulpteam", _("Hulpteam")
    PRIO = "prio", _("PRIO")
    JPF = "jpf", _("JPF")


class ProgrammeLabel(models.Model):
    """A household takes part in a programme, from and until a date."""

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="programmes"
    )
    programme = models.CharField(_("programme"), max_length=12, choices=Programme)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="programme_dates_in_order",
                violation_error_message=_("The last date must not be before the first."),
            ),
            models.UniqueConstraint(
                fields=["household", "programme"],
                condition=Q(until=None),
                name="programme_runs_once",
                violation_error_message=_("This household takes part in this programme already."),
            ),
        ]

    def __str__(self):
        return self.get_programme_display()

    def runs(self, today: dt.date) -> bool:
        return self.until is None or self.until >= today


class NoteKind(models.TextChoices):
    TALK = "talk", _("Talk")
    PHONE = "phone", _("Telephone")
    NOTE = "note", _("Note")


class Note(models.Model):
    """A short note on the timeline (S07). Rows are added, never changed."""

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="notes"
    )
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+")
    kind = models.CharField(_("kind"), max_length=5, choices=NoteKind, default=NoteKind.NOTE)
    text = models.TextField(_("text"))
    form_token = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="note_says_something", violation_error_message=_("Write the note.")
            ),
        ]
        indexes = [models.Index(fields=["household", "-at"], name="note_of_household")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
