"""The people of a household."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.core import dates, names, values
from casework.core.encryption import EncryptedField


class MemberRole(models.TextChoices):
    CLIENT = "client", _("Client")
    PARTNER = "partner", _("Partner of client")
    CHILD = "child", _("Child")
    ADULT_CHILD = "adult_child", _("Adult child")
    PARENT = "parent", _("Parent")
    OTHER = "other", _("Other resident")


class BornKnown(models.TextChoices):
    """How much of a date of birth is known (domain.md 4.2: 00-00-1984)."""

    DAY = dates.DAY, _("Day")
    MONTH = dates.MONTH, _("Month and year")
    YEAR = dates.YEAR, _("Year only")


class Gender(models.TextChoices):
    """DDAS geslacht. Never asked for an appointment (S06)."""

    MAN = "Man", _("Man")
    WOMAN = "Vrouw", _("Woman")
    UNKNOWN = "Onbekend", _("Unknown")
    EMPTY = "Leeg", _("Left empty")


class Member(models.Model):
    """A person in a household, from and until a date."""

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="members"
    )
    role = models.CharField(_("role"), max_length=12, choices=MemberRole, default=MemberRole.CLIENT)
    given_names = models.CharField(_("first name"), max_length=80, blank=True)
    initials = models.CharField(_("initials"), max_length=20, blank=True)
    prefix = models.CharField(_("prefix"), max_length=20, blank=True)
    surname = models.CharField(_("surname"), max_length=80, blank=True)
    born = models.DateField(_("date of birth"), null=True, blank=True)
    born_known = models.CharField(
        _("known of the date of birth"),
        max_length=5,
        choices=BornKnown,
        default=BornKnown.DAY,
        db_default=BornKnown.DAY,
        editable=False,
    )
    gender = models.CharField(_("gender"), max_length=8, choices=Gender, blank=True)
    bsn = EncryptedField(_("BSN"), blank=True)
    # Searchable and unique without being readable (core.encryption.fingerprint).
    bsn_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    may_be_spoken_to = models.BooleanField(_("may be spoken to about this"), default=True)
    joined_on = models.DateField(_("since"), null=True, blank=True)
    left_on = models.DateField(_("until"), null=True, blank=True)
    # Whether the household is closed; kept by a trigger, since an index cannot look at another table. Who comes back
    # is registered anew, and their BSN stands in the earlier file too.
    household_closed = models.BooleanField(default=False, editable=False)
    # the form that made this row, and the version an edit form carries.
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    # Folded, for the duplicate check.
    search_surname = models.CharField(max_length=100, editable=False)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bsn_fingerprint"],
                condition=Q(left_on=None, household_closed=False) & ~Q(bsn_fingerprint=""),
                name="member_bsn_once",
                violation_error_message=_("This BSN already belongs to somebody."),
            ),
            models.CheckConstraint(
                condition=(Q(bsn="") & Q(bsn_fingerprint="")) | (~Q(bsn="") & ~Q(bsn_fingerprint="")),
                name="member_bsn_with_fingerprint",
            ),
            models.CheckConstraint(
                condition=Q(born=None)
                | Q(born_known=BornKnown.DAY)
                | Q(born_known=BornKnown.MONTH, born__day=1)
                | Q(born_known=BornKnown.YEAR, born__day=1, born__month=1),
                name="member_born_as_known",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(joined_on=None) | Q(left_on__gte=F("joined_on")),
                name="member_dates_in_order",
                violation_error_message=_("The last date must not be before the first."),
            ),
        ]
        indexes = [
            models.Index(fields=["born", "search_surname"], name="member_by_birth"),
            # A search for a BSN finds earlier files too (S05).
            models.Index(fields=["bsn_fingerprint"], name="member_by_bsn", condition=~Q(bsn_fingerprint="")),
        ]

    def __str__(self):
        return self.full_name

    @property
    def birth(self) -> dates.BirthDate | None:
        """The date of birth, with how much of it is known."""
        return dates.BirthDate.of(self.born, self.born_known) if self.born else None

    @property
    def full_name(self) -> str:
        return names.full_name(self.given_names or self.initials, self.prefix, self.surname)

    @property
    def initial_name(self) -> str:
        return names.initial_name(self.given_names or self.initials, self.surname)

    @property
    def masked_bsn(self) -> str:
        return values.mask_bsn(self.bsn) if self.bsn else ""
