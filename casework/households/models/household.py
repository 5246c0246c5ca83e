"""A household: how to reach it, who owns it, how it came in."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest, Reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from casework.core import clock, values
from casework.core.models import Role, User
from casework.core.thresholds import Threshold
from casework.counsellors.models import LANGUAGES, Counsellor
from casework.households.models.attempts import AttemptResult, ContactAttempt
from casework.households.models.members import Member, MemberRole
from casework.households.models.search import SearchTerm, keys_of
from casework.households.models.terms import Term
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


class PreferredPhone(models.TextChoices):
    MOBILE = "mobile", _("Mobile number")
    OTHER = "phone", _("Other telephone")


class AdministratorKind(models.TextChoices):
    """Who decides about the money, or helps with it, by order of a court or by agreement (domain.md 4.2)."""

    ADMINISTRATOR = "bewind", _("Financial administrator")
    GUARDIAN = "curator", _("Legal guardian")
    MENTOR = "mentor", _("Mentor")
    BUDGET = "budget", _("Budget manager")


class ExitReason(models.TextChoices):
    """Why help ended, as DDAS lists it (EnumUitstroomreden)."""

    DECEASED = "Overleden", _("Deceased")
    MOVED = "Verhuisd", _("Moved away")
    DID_NOT_APPEAR = "Nietverschenen", _("Did not appear")
    WITHDRAWN = "Ingetrokken", pgettext_lazy("reason of closing", "Withdrawn")
    NOT_FITTING = "Niet passend", _("Not fitting")
    OBLIGATIONS_NOT_MET = "Voldoet niet", _("Obligations not met")
    SOLVED_SELF = "Zelf", _("Solved by themselves")
    COMPLETED = "Afgerond", _("Completed")
    OTHER = "Overig", _("Other")


class Composition(models.TextChoices):
    SINGLE = "single", _("Single")
    SINGLE_PARENT = "single_parent", _("Single parent")
    COUPLE = "couple", _("Couple")
    COUPLE_WITH_CHILDREN = "couple_with_children", _("Couple with children")
    SHARED = "shared", _("Living together otherwise")


# Outcomes of appointments, which stand in a feature above this one; a test holds them to its names.
CAME, NO_SHOW = ("V", "L"), "N"


def appointments_of(household: str) -> models.QuerySet:
    """In a subquery: the appointments of the household that the row outside names."""
    rows = Household._meta.get_field("appointments").related_model._base_manager
    return rows.filter(household=OuterRef(household)).order_by()


def missed_in_a_row(household: str) -> Coalesce:
    """How many N in a row, of the household that a row names: since the last V or L; X, A, E and R do not count (R-24).

    By the database, for lists; `in_a_row` says the same of the outcomes of one household, and a test holds both together.
    """
    came = appointments_of("household").filter(outcome__in=CAME).values("household")
    last = came.annotate(last=models.Max("starts_at")).values("last")
    missed = appointments_of(household).filter(outcome=NO_SHOW).annotate(last_came=Subquery(last))
    since = missed.filter(Q(last_came=None) | Q(starts_at__gt=F("last_came"))).values("household")
    return Coalesce(Subquery(since.annotate(number=models.Count("pk")).values("number")), 0)


class HouseholdQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Which households a user may open at all; a partner, administrator or privacy officer sees none (R-90)."""
        if user.role in {Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR} and user.is_active:
            return self.filter(anonymised_on=None, merged_into=None)
        return self.none()

    def open(self):
        return self.filter(closed_on=None, merged_into=None)

    def with_identity(self):
        """With all that the identity bar shows (screens 2.0): four queries, however many rows."""
        rows = self.select_related("owner__user", "location")
        return rows.prefetch_related("members", "terms", "agreements")

    def with_contact(self):
        """`in_touch_at`: when we last had contact with them, or when they registered while there was none.

        Contact is an appointment to which somebody came (class V or L), or an attempt by which we spoke with them: it
        goes two ways (R-82, M8). What we sent, wrote down or tried without an answer is none (decision 0055).
        """
        came = appointments_of("pk").filter(outcome__in=CAME).values("household").annotate(last=models.Max("starts_at"))
        attempts = ContactAttempt.objects.filter(household=OuterRef("pk"), result=AttemptResult.SPOKEN)
        spoken = attempts.order_by().values("household")
        return self.annotate(
            in_touch_at=Greatest(
                F("registered_at"), Subquery(came.values("last")),
                Subquery(spoken.annotate(last=models.Max("at")).values("last")),
            )
        )  # fmt: skip

    def silent(self, now: dt.datetime):
        """Open, and the last contact was more than 30 days ago, counted in local dates (M8)."""
        since = clock.day_bounds(clock.local_date(now) - Threshold.SILENT_AFTER.span(now))[0]
        return self.open().with_contact().filter(in_touch_at__lt=since)

    def at_risk(self, now: dt.datetime):
        """Open, and missed so often in a row: likely to drop out, *uitvalrisico* (R-24)."""
        return (
            self.open()
            .annotate(in_a_row=missed_in_a_row("pk"))
            .filter(in_a_row__gte=Threshold.DROP_OUT_RISK_FROM.number(now))
        )

    def with_merged_numbers(self, terms: list["SearchTerm"]):
        """With the numbers of who was merged into each, where a case number may be looked for: one query more then."""
        if not any(term.may_be_number for term in terms):
            return self
        old = Household.objects.only("case_number", "merged_into").order_by("case_number")
        return self.prefetch_related(models.Prefetch("merged_here", old))

    def matching(self, terms: list["SearchTerm"]):
        """Households where every term fits, each once (R-51, S05)."""
        found = self
        for term in terms:
            sql, params = keys_of(term.fits)
            found = found.filter(pk__in=RawSQL(sql, params))
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
    # The number of which a provider said that it does not exist; of no meaning when another one stands now.
    dead_mobile = models.CharField(
        _("mobile number that does not exist"), max_length=16, blank=True, default="", editable=False
    )
    phone = models.CharField(_("other telephone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    # As with the mobile number: the address of which it was said.
    dead_email = models.EmailField(_("e-mail address that does not exist"), blank=True, default="", editable=False)
    language = models.CharField(_("language"), max_length=3, choices=LANGUAGES, default="nl")
    interpreter = models.BooleanField(_("interpreter needed"), default=False)
    channel = models.CharField(_("messages by"), max_length=6, choices=ContactChannel, default=ContactChannel.SMS)

    preferred_phone = models.CharField(_("call first on"), max_length=6, choices=PreferredPhone, blank=True)
    quiet_from = models.TimeField(_("do not call from"), null=True, blank=True)
    quiet_until = models.TimeField(_("do not call until"), null=True, blank=True)
    shared_phone = models.BooleanField(_("others use this telephone too"), default=False)
    # Ways of contact to which the newest answer is no; kept by the action that records the answer.
    refused_channels = ArrayField(models.CharField(max_length=10), default=list, blank=True, editable=False)

    no_voicemail = models.BooleanField(_("do not leave a voicemail"), default=False)
    safety = models.BooleanField(_("safety"), default=False)
    safety_note = models.CharField(_("what to take care of"), max_length=200, blank=True)
    administrator = models.BooleanField(_("has an administrator"), default=False)
    administrator_kind = models.CharField(
        _("kind of administrator"), max_length=7, choices=AdministratorKind, blank=True
    )
    administrator_name = models.CharField(_("name of the administrator"), max_length=120, blank=True)
    administrator_phone = models.CharField(_("telephone of the administrator"), max_length=16, blank=True)
    administrator_from = models.DateField(_("administrator since"), null=True, blank=True)
    administrator_until = models.DateField(_("administrator until"), null=True, blank=True)
    # Stops retention; why and by whom stands in its row of `retention`.
    legal_hold = models.BooleanField(_("legal hold"), default=False)
    # From this day on nobody can be found in it: only classes, dates and places are left.
    anonymised_on = models.DateField(_("anonymised"), null=True, blank=True, editable=False)

    # The household that this one went into: this row then holds its number only, and is in no list or figure.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, verbose_name=_("merged into"), related_name="merged_here"
    )

    closed_on = models.DateField(_("closed"), null=True, blank=True)
    # Who came back after closing was registered anew: the file of now, of which this one is an earlier part.
    continued_in = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, verbose_name=_("continued in"), related_name="earlier_files"
    )
    exit_reason = models.CharField(_("reason of closing"), max_length=20, choices=ExitReason, blank=True)

    # Kept by the actions from the members, so that lists sort and search without a join. `search_name`: the words
    # of their names, folded, and their dates of birth; a trigger spreads it out over SearchWord.
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
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | (Q(quiet_from__isnull=False) & Q(quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until"))),
                name="household_quiet_hours_whole",
                violation_error_message=_("Enter from when and until when not to call."),
            ),
            models.CheckConstraint(
                condition=Q(administrator_from=None)
                | Q(administrator_until=None)
                | Q(administrator_until__gte=F("administrator_from")),
                name="household_administrator_dates_in_order",
                violation_error_message=_("The last date must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(anonymised_on=None)
                | Q(closed_on__isnull=False, legal_hold=False)
                | Q(merged_into__isnull=False, legal_hold=False),
                name="household_anonymised_after_closing",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="household_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(continued_in=None) | (Q(closed_on__isnull=False) & ~Q(continued_in=F("id"))),
                name="household_continued_after_closing",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None)
                | Q(owner=None, closed_on=None, mobile="", phone="", email="", postcode="", search_name=""),
                name="household_merged_holds_its_number_only",
            ),
        ]
        indexes = [
            # Which closed households are due to go: asked each night.
            models.Index(
                fields=["exit_reason", "closed_on"],
                name="household_to_go",
                condition=Q(closed_on__isnull=False, anonymised_on=None),
            ),
            models.Index(fields=["owner", "sort_name", "id"], name="household_caseload", condition=Q(closed_on=None)),
            models.Index(fields=["sort_name", "id"], name="household_by_name"),
            models.Index(fields=["registered_at"], name="household_by_registration"),
            models.Index(fields=["mobile"], name="household_by_mobile", condition=~Q(mobile="")),
            models.Index(fields=["postcode", "house_number"], name="household_by_address", condition=~Q(postcode="")),
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="household_search_trgm"),
            # Quick find: by the last digits (S05).
            models.Index(OpClass(Reverse("case_number"), name="text_pattern_ops"), name="household_number_end"),
            models.Index(OpClass(Reverse("mobile"), name="text_pattern_ops"), name="household_mobile_end"),
            models.Index(OpClass(Reverse("phone"), name="text_pattern_ops"), name="household_phone_end"),
        ]

    def merged_numbers(self, terms: list["SearchTerm"]) -> list[str]:
        """Numbers that were looked for, of households that were merged into this one. Rows of `with_merged_numbers`."""
        looked_for = [term for term in terms if term.may_be_number]
        old = [one.case_number for one in self.merged_here.all()] if looked_for else []
        return [number for number in old if any(term.is_of_number(number) for term in looked_for)]

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
    def people(self) -> "list[Member]":
        """Who belongs to it now. No query after `with_identity`."""
        return [one for one in self.members.all() if one.left_on is None]

    @property
    def composition(self) -> "Composition":
        """Derived from the members (domain.md 4.1). No query after `with_identity`."""
        roles = {one.role for one in self.people}
        children = MemberRole.CHILD in roles
        if MemberRole.PARTNER in roles:
            return Composition.COUPLE_WITH_CHILDREN if children else Composition.COUPLE
        if children:
            return Composition.SINGLE_PARENT
        return Composition.SINGLE if roles <= {MemberRole.CLIENT} else Composition.SHARED

    @property
    def has_agreement(self) -> bool:
        """Whether any agreement to share something stands today. No query after `with_identity`."""
        today = clock.today()
        return any(one.is_standing(today) for one in self.agreements.all())

    @property
    def mobile_is_dead(self) -> bool:
        """Whether a provider said of the mobile number as it stands that it does not exist (R-42)."""
        return bool(self.mobile) and self.mobile == self.dead_mobile

    @property
    def email_is_dead(self) -> bool:
        """Whether mail to the address as it stands came back for good (R-42)."""
        return bool(self.email) and self.email == self.dead_email

    @property
    def call_first(self) -> str:
        """The number to call first, if any."""
        if self.preferred_phone == PreferredPhone.OTHER or self.mobile_is_dead:
            return self.phone or self.mobile
        return self.mobile or self.phone

    def is_quiet(self, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether any of this time falls within the hours not to call; these may go past midnight. No query."""
        from_, until = self.quiet_from, self.quiet_until
        if not from_ or not until:
            return False
        first, last = clock.local(start).time(), clock.local(end).time()
        if from_ < until:
            return first < until and last > from_
        return first < until or last > from_

    def administered_on(self, today: dt.date) -> bool:
        """Whether somebody administers the money then."""
        return (self.administrator or bool(self.administrator_name or self.administrator_kind)) and (
            self.administrator_until is None or self.administrator_until >= today
        )

    @property
    def client(self) -> "Member | None":
        """Who asked for help; the oldest row when a transfer left no client. No query after `with_identity`."""
        people = self.people
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
    def postal_lines(self) -> tuple[str, ...]:
        """Who and where, as it stands on an envelope; empty where no letter can be sent to (decision 0063).

        A secret address goes on no list and through no other hands: such a letter somebody writes by hand.
        """
        number = " ".join(filter(None, [self.house_number, self.addition]))
        if self.secret_address or not (self.street and number and self.postcode and self.city):
            return ()
        return str(self), f"{self.street} {number}", f"{values.show_postcode(self.postcode)}  {self.city.upper()}"

    @property
    def wants_messages(self) -> bool:
        """False after an opt-out: nothing automatic goes out (R-38)."""
        return self.channel != ContactChannel.NONE
