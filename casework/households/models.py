"""Households, their members, threats and legal terms."""

import contextlib
import datetime as dt
import re
from dataclasses import dataclass

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.core import dates, names, values
from casework.core.encryption import EncryptedField, fingerprint
from casework.core.models import Role, User
from casework.counsellors.models import LANGUAGES, Counsellor
from casework.places.models import Location


class CameThrough(models.TextChoices):
    SELF = "self", _("By themselves")
    SIGNAL = "signal", _("Early signal")
    NEIGHBOURHOOD_TEAM = "neighbourhood_team", _("Neighbourhood team")
    YOUTH_DESK = "youth_desk", _("Youth desk")
    PARTNER = "partner", _("Partner")
    OTHER = "other", _("Otherwise")


class ContactChannel(models.TextChoices):
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    CALL = "call", _("Rather be called")
    NONE = "none", _("No automatic messages")


class ExitReason(models.TextChoices):
    """Why help ended, as DDAS lists it (EnumUitstroomreden)."""

    DECEASED = "Overleden", _("Deceased")
    MOVED = "Verhuisd", _("Moved away")
    DID_NOT_APPEAR = "Nietverschenen", _("Did not appear")
    WITHDRAWN = "Ingetrokken", _("Withdrawn")
    NOT_FITTING = "Niet passend", _("Not fitting")
    OBLIGATIONS_NOT_MET = "Voldoet niet", _("Obligations not met")
    SOLVED_SELF = "Zelf", _("Solved by themselves")
    COMPLETED = "Afgerond", _("Completed")
    OTHER = "Overig", _("Other")


# What people type with spaces in it and mean as one: `17 mei 1984`, `17 5 1984`, `06 12 34 56 78`, `3072 AB`.
_SPACED = (
    re.compile(r"\b\d{1,2} +(?:[a-z]{3,}\.?|\d{1,2}) +(?:\d{4}|\d{2})\b(?! *\d)", re.IGNORECASE),
    re.compile(r"(?:\+31|\b0)[\d()\-]*(?: +[\d()\-]+)+"),
    re.compile(r"\b[1-9]\d{3} +[a-z]{2}\b", re.IGNORECASE),
)
# Stands for a space inside a term; nobody types it, and `split` does not take it for a space.
_GLUE = "\ue000"
# Enough for any name with a date and a postcode; more would only make the query long.
MOST_TERMS = 8


@dataclass(frozen=True)
class SearchTerm:
    """One word somebody typed to find a household, and the rows it fits (S05, R-51)."""

    typed: str
    condition: Q

    @classmethod
    def all_from(cls, text: str, *, today: dt.date, by_bsn: bool = False) -> list["SearchTerm"]:
        """The terms of what was typed; a date, telephone number or postcode with spaces in it is one term.

        `by_bsn`: a whole BSN finds who has it (S05, R-90a).
        """
        glued = text
        for spaced in _SPACED:
            glued = spaced.sub(lambda found: re.sub(r"[\s()]+", _GLUE, found[0].strip()), glued)
        words = [word.replace(_GLUE, " ").strip() for word in glued.split()]
        terms = [cls(word, _fits(word, today)) for word in words if re.search(r"\w", word)][:MOST_TERMS]
        return [cls(one.typed, one.condition | _of_bsn(one.typed)) for one in terms] if by_bsn else terms


def _of_bsn(word: str) -> Q:
    """Nine digits that pass the eleven-test, by their fingerprint."""
    if re.fullmatch(r"[0-9]{9}", word):
        with contextlib.suppress(ValueError):
            return Q(members__bsn_fingerprint=fingerprint(values.read_bsn(word)))
    return Q(pk=None)


def _fits(word: str, today: dt.date) -> Q:
    """Everything a word may be: part of a name, a case number, a date of birth, the end of a number, a postcode."""
    condition = Q(search_name__contains=names.fold(word)) if names.fold(word) else Q(pk=None)
    digits = re.sub(r"\D", "", word)
    word = re.sub(r"(?<=\d{4}) (?=[A-Za-z]{2}$)", "", word)
    if word.upper().startswith("ETF-"):
        condition |= Q(case_number__contains=word.upper())
    elif len(digits) >= 3 and digits == word:
        condition |= Q(case_number__endswith=digits)
    if len(digits) >= 4 and not re.search(r"[A-Za-z]", word):
        # Kept as +316…; typed as 06…, 00316… or only the last digits.
        end = re.sub(r"^(0031|0)(?=\d{4})", "", digits)
        condition |= Q(mobile__endswith=end) | Q(phone__endswith=end)
    if digits == word and len(digits) == 4 and int(digits) >= dt.MINYEAR:
        condition |= Q(members__born__year=int(digits))
    if digits == word and len(digits) <= 4:
        condition |= Q(house_number=word)
    with contextlib.suppress(ValueError):
        condition |= Q(members__born=dates.read_date(word, today=today))
    if re.fullmatch(r"[1-9]\d{3}[A-Za-z]{2}", word):
        condition |= Q(postcode=word.upper())
    return condition


class HouseholdQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Which households a user may open at all; a partner, administrator or privacy officer sees none (R-90)."""
        if user.role in {Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR} and user.is_active:
            return self
        return self.none()

    def open(self):
        return self.filter(closed_on=None)

    def with_identity(self):
        """With all that the identity bar shows (screens 2.0): three queries, however many rows."""
        return self.select_related("owner__user", "location").prefetch_related("members", "terms")

    def matching(self, terms: list["SearchTerm"]):
        """Households where every term fits, each once (R-51, S05)."""
        found = self
        for term in terms:
            found = found.filter(pk__in=Household.objects.filter(term.condition).values("pk"))
        return found


class Household(models.Model):
    """One household in debt help: how to reach it, who owns it, and how it came in. People are its members."""

    case_number = models.CharField(_("case number"), max_length=20, unique=True)
    registered_at = models.DateTimeField(_("registered"))
    location = models.ForeignKey(Location, models.PROTECT, null=True, verbose_name=_("location of registration"))
    owner = models.ForeignKey(
        Counsellor, models.PROTECT, null=True, blank=True, verbose_name=_("counsellor"), related_name="households"
    )
    came_through = models.CharField(_("came through"), max_length=20, choices=CameThrough, default=CameThrough.SELF)

    street = models.CharField(_("street"), max_length=120, blank=True)
    house_number = models.CharField(_("house number"), max_length=10, blank=True)
    addition = models.CharField(_("addition"), max_length=10, blank=True)
    postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True, default="Rotterdam")
    secret_address = models.BooleanField(_("secret address"), default=False)
    mobile = models.CharField(_("mobile number"), max_length=16, blank=True)
    phone = models.CharField(_("other telephone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=3, choices=LANGUAGES, default="nl")
    interpreter = models.BooleanField(_("interpreter needed"), default=False)
    channel = models.CharField(_("messages by"), max_length=6, choices=ContactChannel, default=ContactChannel.SMS)

    no_voicemail = models.BooleanField(_("do not leave a voicemail"), default=False)
    safety = models.BooleanField(_("safety"), default=False)
    safety_note = models.CharField(_("what to take care of"), max_length=200, blank=True)
    administrator = models.BooleanField(_("has an administrator"), default=False)
    legal_hold = models.BooleanField(_("legal hold"), default=False)

    closed_on = models.DateField(_("closed"), null=True, blank=True)
    exit_reason = models.CharField(_("reason of closing"), max_length=20, choices=ExitReason, blank=True)

    # Kept by the actions from the members, so that lists sort and search without a join.
    display_name = models.CharField(max_length=200, editable=False)
    sort_name = models.CharField(max_length=200, editable=False)
    search_name = models.TextField(editable=False)

    # the one-time token of the form that made this row. R-19: the version an edit form carries.
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["sort_name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None, exit_reason="") | (Q(closed_on__isnull=False) & ~Q(exit_reason="")),
                name="household_closed_with_reason",
                violation_error_message=_("A closed household needs a reason of closing."),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "sort_name", "id"], name="household_caseload", condition=Q(closed_on=None)),
            models.Index(fields=["sort_name", "id"], name="household_by_name"),
            models.Index(fields=["registered_at"], name="household_by_registration"),
            models.Index(fields=["mobile"], name="household_by_mobile", condition=~Q(mobile="")),
            models.Index(fields=["postcode", "house_number"], name="household_by_address", condition=~Q(postcode="")),
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="household_search_trgm"),
            GinIndex(fields=["case_number"], opclasses=["gin_trgm_ops"], name="household_number_trgm"),
        ]

    def __str__(self):
        return self.display_name or self.case_number

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None

    @property
    def initial_name(self) -> str:
        """`Fatou N.`: for a screen that others may see. From the kept names, so no query."""
        first, _space, rest = self.display_name.partition(" ")
        return f"{first} {self.sort_name[:1].upper()}." if rest and self.sort_name[:1].isalpha() else first

    @property
    def client(self) -> "Member | None":
        """Who asked for help; the oldest row when a transfer left no client. No query after `with_identity`."""
        people = [one for one in self.members.all() if one.left_on is None]
        return next((one for one in people if one.role == MemberRole.CLIENT), people[0] if people else None)

    @property
    def next_term(self) -> "Term | None":
        """The open term with the nearest deadline. No query after `with_identity`."""
        running = [one for one in self.terms.all() if one.is_open]
        return min(running, key=lambda one: (one.deadline, one.pk)) if running else None

    @property
    def address_line(self) -> str:
        """Street, number, postcode and city on one line; empty when unknown."""
        number = " ".join(filter(None, [self.house_number, self.addition]))
        street = " ".join(filter(None, [self.street, number]))
        place = " ".join(filter(None, [values.show_postcode(self.postcode), self.city if self.postcode else ""]))
        return ", ".join(filter(None, [street, place]))

    @property
    def wants_messages(self) -> bool:
        """False after an opt-out: nothing automatic goes out (R-38)."""
        return self.channel != ContactChannel.NONE


class MemberRole(models.TextChoices):
    CLIENT = "client", _("Client")
    PARTNER = "partner", _("Partner of client")
    CHILD = "child", _("Child")
    ADULT_CHILD = "adult_child", _("Adult child")
    PARENT = "parent", _("Parent")
    OTHER = "other", _("Other resident")


class Gender(models.TextChoices):
    """DDAS geslacht. Never asked for an appointment (S06)."""

    MAN = "Man", _("Man")
    WOMAN = "Vrouw", _("Woman")
    UNKNOWN = "Onbekend", _("Unknown")
    EMPTY = "Leeg", _("Left empty")


class Member(models.Model):
    """A person in a household, from and until a date."""

    household = models.ForeignKey(Household, models.CASCADE, verbose_name=_("household"), related_name="members")
    role = models.CharField(_("role"), max_length=12, choices=MemberRole, default=MemberRole.CLIENT)
    given_names = models.CharField(_("first name"), max_length=80, blank=True)
    initials = models.CharField(_("initials"), max_length=20, blank=True)
    prefix = models.CharField(_("prefix"), max_length=20, blank=True)
    surname = models.CharField(_("surname"), max_length=80, blank=True)
    born = models.DateField(_("date of birth"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=8, choices=Gender, blank=True)
    bsn = EncryptedField(_("BSN"), blank=True)
    # Searchable and unique without being readable (core.encryption.fingerprint).
    bsn_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    may_be_spoken_to = models.BooleanField(_("may be spoken to about this"), default=True)
    joined_on = models.DateField(_("since"), null=True, blank=True)
    left_on = models.DateField(_("until"), null=True, blank=True)
    # Folded, for the duplicate check.
    search_surname = models.CharField(max_length=100, editable=False)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bsn_fingerprint"],
                condition=Q(left_on=None) & ~Q(bsn_fingerprint=""),
                name="member_bsn_once",
                violation_error_message=_("This BSN already belongs to somebody."),
            ),
            models.CheckConstraint(
                condition=(Q(bsn="") & Q(bsn_fingerprint="")) | (~Q(bsn="") & ~Q(bsn_fingerprint="")),
                name="member_bsn_with_fingerprint",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(joined_on=None) | Q(left_on__gte=F("joined_on")),
                name="member_dates_in_order",
                violation_error_message=_("The last date must not be before the first."),
            ),
        ]
        indexes = [models.Index(fields=["born", "search_surname"], name="member_by_birth")]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        return names.full_name(self.given_names or self.initials, self.prefix, self.surname)

    @property
    def initial_name(self) -> str:
        return names.initial_name(self.given_names or self.initials, self.surname)

    @property
    def masked_bsn(self) -> str:
        return values.mask_bsn(self.bsn) if self.bsn else ""


class ThreatKind(models.TextChoices):
    """What makes a household urgent (R-05; Wgs art. 4 lid 2)."""

    EVICTION = "eviction", _("Eviction")
    ENERGY = "energy", _("Gas or electricity cut off")
    WATER = "water", _("Water cut off")
    HEAT = "heat", _("Heating cut off")
    HEALTH_INSURANCE = "health_insurance", _("End of health insurance")


class Threat(models.Model):
    """Something urgent that threatens a household, and when we were told."""

    household = models.ForeignKey(Household, models.CASCADE, verbose_name=_("household"), related_name="threats")
    kind = models.CharField(_("kind"), max_length=20, choices=ThreatKind)
    recorded_at = models.DateTimeField(_("recorded"))
    happens_on = models.DateField(_("happens on"), null=True, blank=True)

    class Meta:
        verbose_name = _("threat")
        verbose_name_plural = _("threats")
        ordering = ["recorded_at", "id"]

    def __str__(self):
        return self.get_kind_display()


class TermKind(models.TextChoices):
    FIRST_TALK = "first_talk", _("First talk")
    URGENT = "urgent", _("First talk, urgent")
    DECISION = "decision", _("Decision")


class TermQuerySet(models.QuerySet):
    def open(self):
        return self.filter(met_on=None, ended_on=None)


class Term(models.Model):
    """A legal term of a household: the event it counts from, its deadline, and the date it was met (R-04 to R-07).

    Open terms follow the calendar; met and missed ones stay as they were.
    """

    household = models.ForeignKey(Household, models.CASCADE, verbose_name=_("household"), related_name="terms")
    kind = models.CharField(_("kind"), max_length=12, choices=TermKind)
    event_on = models.DateField(_("counts from"))
    deadline = models.DateField(_("deadline"))
    met_on = models.DateField(_("met on"), null=True, blank=True)
    # Ended without being met: the household was closed first.
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["deadline", "id"]
        constraints = [
            models.UniqueConstraint(fields=["household", "kind"], name="term_once_per_kind"),
            models.CheckConstraint(condition=Q(deadline__gte=F("event_on")), name="term_deadline_after_event"),
        ]
        indexes = [
            models.Index(fields=["deadline"], name="term_open", condition=Q(met_on=None, ended_on=None)),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.deadline}"

    @property
    def is_open(self) -> bool:
        return self.met_on is None and self.ended_on is None

    def days_left(self, today: dt.date) -> int:
        return (self.deadline - today).days


class AccessReasonKind(models.TextChoices):
    COVER = "cover", _("I am covering for a colleague")
    RESIDENT = "resident", _("The resident asked for it")
    COMPLAINT = "complaint", _("A complaint")
    OTHER = "other", _("Another reason")


class AccessReason(models.Model):
    """Why somebody opened a household outside their own caseload; valid until midnight (R-91)."""

    user = models.ForeignKey("casework.User", models.PROTECT, verbose_name=_("user"))
    household = models.ForeignKey(Household, models.CASCADE, verbose_name=_("household"))
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
