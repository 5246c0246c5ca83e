"""The words of messages to residents, by version, and the words that may never stand in one (R-40, R-41, decision 0060)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from casework.core import dates
from casework.counsellors.models import LANGUAGES

# A text wants the names of days and months in its own language.
TEXT_LANGUAGES = [(code, name) for code, name in LANGUAGES if code in dates.MONTHS]
DUTCH = "nl"


class TextKind(models.TextChoices):
    """As kinds of messages, and two more: a telephone talk and the evening before have words of their own."""

    CONFIRMATION = "confirmation", _("Confirmation")
    TWO_DAYS_BEFORE = "t2", _("Reminder in advance")
    # Where a location lets residents cancel by themselves (decision 0067).
    TWO_DAYS_BEFORE_SELF = "t2_self", _("Reminder in advance, with a code to cancel")
    SAME_DAY = "t0", _("Reminder, same day")
    EVENING_BEFORE = "t0_evening", _("Reminder, evening before")
    CHANGED = "changed", _("Changed")
    CANCELLED = "cancelled", _("Cancelled")
    MISSED = "missed", _("Missed")
    PHONE = "phone", _("Telephone talk")


class TextForm(models.TextChoices):
    """A letter without words of its own has those of the e-mail."""

    SMS = "sms", _("Text message")
    MAIL = "mail", _("E-mail")
    LETTER = "letter", _("Letter")


class Placeholder(models.TextChoices):
    """What stands between braces in a text: `{day}`."""

    DAY = "day", _("day")
    TIME = "time", _("time")
    LOCATION = "location", _("location")
    PHONE_NUMBER = "phone_number", _("telephone number of the municipality")
    ADDRESS = "address", _("address")
    DIRECTIONS = "directions", _("how to get there")
    FIRST_NAME = "first_name", _("first name of the counsellor")
    CODE = "code", _("code to cancel with a reply")
    LINK = "link", _("address of the page to cancel")

    @property
    def written(self) -> str:
        return f"{{{self.value}}}"


_IN_EVERY_FORM = (Placeholder.DAY, Placeholder.TIME, Placeholder.LOCATION, Placeholder.PHONE_NUMBER)
_WHERE_AND_WHO = (Placeholder.ADDRESS, Placeholder.DIRECTIONS, Placeholder.FIRST_NAME)
# One of these is in a text with which residents cancel, and in no other.
TO_CANCEL = (Placeholder.CODE, Placeholder.LINK)


def placeholders(kind: str, form: str) -> tuple[Placeholder, ...]:
    """What can be filled in. No names in a text message (messages.md 4.1), and no room for an address."""
    more = () if form == TextForm.SMS else _WHERE_AND_WHO
    return _IN_EVERY_FORM + more + (TO_CANCEL if kind == TextKind.TWO_DAYS_BEFORE_SELF else ())


def text_forms(kind: str) -> tuple[TextForm, ...]:
    """A message of the same day only goes out as a text message: a letter or e-mail would come too late."""
    short = kind in {TextKind.SAME_DAY, TextKind.EVENING_BEFORE}
    return (TextForm.SMS,) if short else tuple(TextForm)


# Of these one may try a second text (decision 0066): what comes after an appointment changes nothing about who comes.
TRIED = (
    TextKind.CONFIRMATION, TextKind.TWO_DAYS_BEFORE, TextKind.TWO_DAYS_BEFORE_SELF, TextKind.SAME_DAY, TextKind.EVENING_BEFORE, TextKind.CHANGED, TextKind.PHONE,
)  # fmt: skip


class TextState(models.TextChoices):
    WAITS = "waits", _("waits for approval")
    TO_COME = "to_come", _("approved, to come")
    IN_USE = "in_use", _("in use")
    ENDED = "ended", _("ended")
    FOR_TRIAL = "for_trial", _("approved, only for a trial")


# On the calendar of Rotterdam.
LOCAL_DATE_OF_APPROVAL = Func(
    F("approved_at"),
    template="(%(expressions)s at time zone 'Europe/Amsterdam')::date",
    output_field=models.DateField(),
)


class MessageTextQuerySet(models.QuerySet):
    def approved(self):
        return self.filter(approved_at__isnull=False)

    def in_turn(self):
        """What goes out from its date on; not what is only for a trial."""
        return self.filter(for_trial=False)

    def newest_first(self):
        """Of one date the last version counts."""
        return self.order_by("-valid_from", "-version")

    def of(self, *, kind: str, form: str, language: str):
        return self.filter(kind=kind, form=form, language=language)


class MessageText(models.Model):
    """One version of a text, per kind × form × language.

    Until it is approved its writer changes it; from then on a database trigger refuses every change, and another text is
    another version. `valid_from` is after the local date of the approval: what goes out today does not change today.
    Those that came with ETF have no writer.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=TextKind)
    form = models.CharField(_("form"), max_length=6, choices=TextForm)
    language = models.CharField(_("language"), max_length=3, choices=TEXT_LANGUAGES)
    version = models.PositiveSmallIntegerField(_("version"), editable=False)
    for_trial = models.BooleanField(
        _("only for a trial"), default=False,
        help_text=_("It goes out only as text B of a trial of wording. For a text message that goes out before an appointment."),
    )  # fmt: skip
    subject = models.CharField(_("subject"), max_length=160, blank=True)
    text = models.TextField(_("text"), max_length=3000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("written by"), related_name="+", null=True,
        editable=False,
    )  # fmt: skip
    written_at = models.DateTimeField(_("written"), editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("approved by"), related_name="+", null=True,
        editable=False,
    )  # fmt: skip
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    valid_from = models.DateField(_("valid from"), null=True, editable=False)

    objects = MessageTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("message text")
        verbose_name_plural = _("message texts")
        ordering = ["kind", "form", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "form", "language", "version"], name="message_text_version_once"),
            models.UniqueConstraint(
                fields=["kind", "form", "language", "for_trial"],
                condition=Q(approved_at=None),
                name="message_text_one_waits",
                violation_error_message=_("A version of this text waits for approval already. Change that one."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, valid_from=None, approved_by=None, written_by__isnull=False)
                | Q(approved_at__isnull=False, valid_from__isnull=False),
                name="message_text_approved_from_a_date",
            ),
            models.CheckConstraint(
                condition=Q(written_by=None, approved_by=None)
                | Q(approved_at=None)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("written_by"))),
                name="message_text_four_eyes",
                violation_error_message=_("Another administrator than its writer approves a text."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(valid_from__gt=LOCAL_DATE_OF_APPROVAL),
                name="message_text_from_a_later_date",
                violation_error_message=_("Choose a date after today, so that everybody can see it before it counts."),
            ),
            models.CheckConstraint(
                condition=Q(form="sms", subject="") | (~Q(form="sms") & ~Q(subject="")),
                name="message_text_subject_of_mail",
                violation_error_message=_("An e-mail and a letter have a subject, a text message has none."),
            ),
            models.CheckConstraint(
                condition=Q(for_trial=False) | Q(form="sms", kind__in=TRIED),
                name="message_text_for_trial",
                violation_error_message=_("Only a text message that goes out before an appointment is tried."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["t0", "t0_evening"]) | Q(form="sms"),
                name="message_text_same_day_by_sms",
                violation_error_message=_("On the day itself only a text message comes in time."),
            ),
        ]

    def __str__(self):
        return f"{self.name}, {_('version')} {self.version}"

    @property
    def name(self) -> str:
        """`Missed, text message, Dutch`."""
        return f"{self.get_kind_display()}, {self.get_form_display().lower()}, {self.get_language_display()}"

    @property
    def waits(self) -> bool:
        return self.approved_at is None


class ForbiddenWord(models.Model):
    """A word that betrays why somebody comes, in texts of one language; those in Dutch count for all (messages.md 4.1)."""

    language = models.CharField(_("language"), max_length=3, choices=TEXT_LANGUAGES, default=DUTCH)
    word = models.CharField(_("word"), max_length=40)
    whole_word = models.BooleanField(
        _("only as a whole word"), default=False,
        help_text=_("For an abbreviation. Otherwise the word is also found inside longer words."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("forbidden word")
        verbose_name_plural = _("forbidden words")
        ordering = ["language", "word"]
        constraints = [
            models.UniqueConstraint(
                "language",
                Lower("word"),
                name="forbidden_word_once",
                violation_error_message=_("This word stands in the list already."),
            ),
            models.CheckConstraint(
                condition=Q(word__regex=r"^\S(.*\S)?$"),
                name="forbidden_word_not_empty",
                violation_error_message=_("Enter a word without spaces around it."),
            ),
        ]

    def __str__(self):
        return self.word


def states_of(rows: list[MessageText], today: dt.date) -> dict[int, TextState]:
    """What each version of one text is on a date; of versions from the same date only the last one ever counts."""
    approved = sorted(
        (one for one in rows if not one.waits and not one.for_trial),
        key=lambda one: (one.valid_from, one.version),
        reverse=True,
    )
    found = {
        one.pk: TextState.WAITS if one.waits else TextState.FOR_TRIAL for one in rows if one.waits or one.for_trial
    }
    in_use, dates_to_come = False, set()
    for one in approved:
        if one.valid_from > today:
            found[one.pk] = TextState.ENDED if one.valid_from in dates_to_come else TextState.TO_COME
            dates_to_come.add(one.valid_from)
        else:
            found[one.pk] = TextState.ENDED if in_use else TextState.IN_USE
            in_use = True
    return found
