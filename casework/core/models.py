"""Users and their roles, and the audit trail."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.core import names
from casework.core.access import ROLE_RIGHTS, Right
from casework.core.encryption import EncryptedField


class Role(models.TextChoices):
    DESK = "desk", _("Front desk")
    COUNSELLOR = "counsellor", _("Counsellor")
    SUPERVISOR = "supervisor", _("Supervisor")
    PARTNER = "partner", _("Partner")
    ADMIN = "admin", _("Administrator")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")


class User(AbstractUser):
    """Somebody who logs in. One role each; what a role may do stands in `core.access`."""

    role = models.CharField(_("role"), max_length=20, choices=Role)
    # The name as colleagues and residents know it; first_name is the only part a resident ever sees.
    full_name = models.CharField(_("name"), max_length=150)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = None
    # Only if they gave it, and only to see whether somebody looks into the files of their neighbours (S26).
    postcode = models.CharField(
        _("own postcode"), max_length=6, blank=True,
        help_text=_("Not required. Only used to see whether somebody opens households in their own postcode area."),
    )  # fmt: skip
    initials_mode = models.BooleanField(_("desk mode: initials only"), default=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="user_role_known",
                violation_error_message=_("Choose a role."),
            )
        ]

    def __str__(self):
        return self.full_name or self.username

    def save(self, **kwargs):
        # The administration's screens are for administrators only.
        self.is_staff = self.role == Role.ADMIN
        if not self.first_name:
            self.first_name = names.clean(self.full_name).split(" ")[0]
        super().save(**kwargs)

    def get_full_name(self):
        return str(self)

    def may(self, right: Right) -> bool:
        return self.is_active and right in ROLE_RIGHTS.get(self.role, frozenset())

    def has_perm(self, perm, obj=None):
        return self.is_active and self.role == Role.ADMIN

    def has_module_perms(self, app_label):
        return self.is_active and self.role == Role.ADMIN


class AuditKind(models.TextChoices):
    VIEWED = "viewed", _("Viewed")
    CHANGED = "changed", _("Changed")
    EXPORTED = "exported", _("Exported")
    BSN_SHOWN = "bsn_shown", _("BSN shown")
    SEARCHED = "searched", _("Searched")
    REFUSED = "refused", _("Refused")
    LOGIN = "login", _("Login")


class ThisTransaction(models.Func):
    """A key that everything written in one transaction has in common."""

    function = "casework_transaction"
    arity = 0
    output_field = models.UUIDField()


class Network(models.TextChoices):
    """From what kind of network somebody came; the address itself is not kept (R-92)."""

    OFFICE = "office", _("Office network")
    OUTSIDE = "outside", _("Outside the office")
    UNKNOWN = "unknown", _("Unknown network")


class AuditEntry(models.Model):
    """One line of the audit trail (R-92). A database trigger refuses to change, delete or truncate lines."""

    at = models.DateTimeField(db_index=False)
    # No foreign key: a line outlives whoever it is about.
    user_id_at_time = models.BigIntegerField(null=True)
    username = models.CharField(max_length=150)
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=AuditKind)
    action = models.CharField(max_length=60)
    object_key = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    # Hashed with what is personal: once both are gone, nobody finds it back by guessing.
    salt = models.UUIDField(null=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    # What the history of changes has in common with its line; lines from before that history have none.
    transaction = models.UUIDField(null=True, db_default=ThisTransaction(), editable=False)
    # Empty for what the system does by itself.
    network = models.CharField(max_length=8, choices=Network, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_key", "-id"], name="audit_by_object"),
            models.Index(fields=["user_id_at_time", "-id"], name="audit_by_user"),
            models.Index(fields=["transaction"], name="audit_by_transaction"),
            BrinIndex(fields=["at"], name="audit_at_brin"),
        ]

    def __str__(self):
        return f"{self.action} {self.object_key}"


class AuditLink(models.Model):
    """A line of the audit trail as a link of a chain of hashes, written by the database at commit (decision 0033).

    `hash` is over the number, the hash before it, what stays of the line, and `personal`: the hash of what may go.
    """

    number = models.BigIntegerField(primary_key=True)
    # No foreign key: a link outlives a line that somebody removed, and so betrays it.
    entry = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64, unique=True)
    personal = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("audit link")
        verbose_name_plural = _("audit links")
        ordering = ["-number"]

    def __str__(self):
        return f"{self.number} {self.hash}"


class Concept(models.Model):
    """What somebody had filled in when their session ran out; theirs alone, for one day (R-98)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="concepts")
    page = models.CharField(max_length=300)
    # JSON: name of a field → its values. About a resident, so encrypted.
    fields = EncryptedField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="concept_one_per_page")]

    def __str__(self):
        return self.page


def new_token() -> uuid.UUID:
    """A one-time form token (R-17)."""
    return uuid.uuid4()
