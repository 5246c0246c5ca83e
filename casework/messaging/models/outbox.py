"""The outbox: every message to a resident, from planned to sent. Rows are the truth (R-30 to R-43)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.core.models import Role, User
from casework.households.models import Household
from casework.messaging.models.letters import LetterBatch
from casework.messaging.models.message_texts import MessageText
from casework.messaging.models.trials import Variant, WordingTrial


class MessageKind(models.TextChoices):
    CONFIRMATION = "confirmation", _("Confirmation")
    TWO_DAYS_BEFORE = "t2", _("Reminder in advance")
    SAME_DAY = "t0", _("Reminder, same day")
    CHANGED = "changed", _("Changed")
    CANCELLED = "cancelled", _("Cancelled")
    MISSED = "missed", _("Missed")


class MessageState(models.TextChoices):
    """PLANNED may be claimed; CLAIMED is being sent or, when old, uncertain; PRINT is a letter that somebody prints and posts.

    The others are ends.
    """

    PLANNED = "planned", _("Planned")
    CLAIMED = "claimed", _("Being sent")
    PRINT = "print", _("To print")
    SENT = "sent", _("Sent")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Uncertain")
    CALL = "call", _("On the call list")
    CALLED = "called", _("Called")


# Which moves are allowed. An uncertain row is never sent again by itself; a person settles it, or the provider tells
# afterwards that it arrived or did not (decision 0061).
MOVES: dict[MessageState, set[MessageState]] = {
    MessageState.PLANNED: {MessageState.CLAIMED, MessageState.WITHDRAWN, MessageState.SENT},
    MessageState.CLAIMED: {
        MessageState.SENT, MessageState.PLANNED, MessageState.WITHDRAWN, MessageState.FAILED, MessageState.UNCERTAIN,
        MessageState.CALL, MessageState.PRINT,
    },
    MessageState.PRINT: {MessageState.SENT, MessageState.PLANNED, MessageState.WITHDRAWN, MessageState.CALL},
    MessageState.SENT: {MessageState.FAILED},
    MessageState.WITHDRAWN: set(),
    MessageState.FAILED: {MessageState.CALLED, MessageState.SENT},
    MessageState.UNCERTAIN: {MessageState.CALLED, MessageState.SENT, MessageState.FAILED},
    MessageState.CALL: {MessageState.CALLED},
    MessageState.CALLED: set(),
}  # fmt: skip

# What a person must still do something about.
TO_CALL = (MessageState.CALL, MessageState.FAILED, MessageState.UNCERTAIN)


class Delivery(models.TextChoices):
    """What the provider told after it had taken a message."""

    DELIVERED = "delivered", _("Delivered")
    TEMPORARY = "temporary", _("Could not be delivered")
    PERMANENT = "permanent", _("Number or address does not exist")


# From what was told to what may be told later. Receipts come twice and in any order: an end stays an end.
DELIVERY_MOVES: dict[str, set[Delivery]] = {
    "": {Delivery.DELIVERED, Delivery.TEMPORARY, Delivery.PERMANENT},
    Delivery.TEMPORARY: {Delivery.DELIVERED, Delivery.PERMANENT},
    Delivery.DELIVERED: set(),
    Delivery.PERMANENT: set(),
}


class Channel(models.TextChoices):
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    CALL = "call", _("Call list")


class WithdrawnReason(models.TextChoices):
    MOVED = "moved", _("the appointment was moved")
    CANCELLED = "cancelled", _("the appointment was cancelled")
    RECORDED = "recorded", _("attendance was recorded")
    CORRECTED = "corrected", _("attendance was corrected")
    OPTED_OUT = "opted_out", _("the resident wants no messages")
    TOO_LATE = "too_late", _("too late")
    CLOSED = "closed", _("the household was closed")
    NEW_APPOINTMENT = "new_appointment", _("there is a new appointment")


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Messages of the households that a user may open."""
        if user.is_active and user.role in {Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR}:
            return self
        return self.none()

    def due(self, now):
        return self.filter(state=MessageState.PLANNED, due_at__lte=now)

    def to_call(self):
        return self.filter(state__in=TO_CALL)

    def unsent(self):
        """What can still be withdrawn: no provider has seen it, and no letter box."""
        return self.filter(state__in=[MessageState.PLANNED, MessageState.PRINT])

    def to_print(self):
        """Letters that are in no stack yet."""
        return self.filter(state=MessageState.PRINT, batch=None)


class Message(models.Model):
    """One message about one appointment. The id is the provider's reference: it says nothing about anybody.

    `facts` is frozen at planning and holds what the text needs: start (ISO 8601, UTC), location, address, directions,
    first_name (of the counsellor), channel ("place" or "phone"). Text and address are filled in when it is sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    household = models.ForeignKey(
        Household, models.CASCADE, verbose_name=_("household"), related_name="outbox", db_index=False
    )
    # The appointment's id. No foreign key: appointments know messages, not the other way round.
    appointment_key = models.BigIntegerField(_("appointment"))
    kind = models.CharField(_("kind"), max_length=12, choices=MessageKind)
    planned_start = models.DateTimeField(_("start of the appointment"))
    facts = models.JSONField(default=dict)

    due_at = models.DateTimeField(_("planned"))
    expires_at = models.DateTimeField(_("no longer useful after"))
    state = models.CharField(_("state"), max_length=10, choices=MessageState, default=MessageState.PLANNED)
    reason = models.CharField(_("reason"), max_length=20, choices=WithdrawnReason, blank=True)
    created_at = models.DateTimeField(_("made"))

    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    first_attempt_at = models.DateTimeField(null=True, blank=True)
    # Set right before the provider is called: from then on a crash makes the row uncertain, never sent twice.
    handed_over_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    delivery = models.CharField(_("delivery"), max_length=9, choices=Delivery, blank=True)
    delivery_at = models.DateTimeField(_("delivery told"), null=True, blank=True)

    channel = models.CharField(_("channel"), max_length=6, choices=Channel, blank=True)
    language = models.CharField(_("language"), max_length=3, blank=True)
    # A number, an e-mail address, or the lines of an envelope.
    recipient = models.CharField(_("to"), max_length=500, blank=True)
    subject = models.CharField(_("subject"), max_length=160, blank=True)
    text = models.TextField(_("text"), blank=True)
    # In which words it was made. Only what is approved is used, and that can never go: the database need not look, for
    # each message, whether its words are still there.
    wording = models.ForeignKey(
        MessageText, models.DO_NOTHING, verbose_name=_("version of the text"), related_name="+", null=True, blank=True,
        db_constraint=False, db_index=False,
    )  # fmt: skip
    # Which trial it is of, and which of its texts it has; without a foreign key in the database for the same reason.
    trial = models.ForeignKey(
        WordingTrial, models.DO_NOTHING, verbose_name=_("trial of wording"), related_name="+", null=True, blank=True,
        db_constraint=False, db_index=False,
    )  # fmt: skip
    variant = models.CharField(_("text of the trial"), max_length=1, choices=Variant, blank=True)
    provider_reference = models.CharField(max_length=120, blank=True)
    # The stack of paper that it is in; a letter that was withdrawn stays in it, so that somebody takes it out.
    batch = models.ForeignKey(
        LetterBatch, models.PROTECT, verbose_name=_("stack of letters"), related_name="letters", null=True, blank=True,
        db_index=False,
    )  # fmt: skip

    objects = MessageQuerySet.as_manager()

    # Until thirteen months after sending; then only counts remain.
    HAS_TEXT = ~Q(facts={}) | ~Q(recipient="") | ~Q(text="")

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["due_at", "id"]
        constraints = [
            # one message per appointment × kind × planned start.
            models.UniqueConstraint(fields=["appointment_key", "kind", "planned_start"], name="message_once"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="message_sent_with_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claimed_at__isnull=False) | ~Q(state="claimed"),
                name="message_claimed_with_moment",
            ),
            models.CheckConstraint(
                condition=(Q(state="withdrawn") & ~Q(reason="")) | (~Q(state="withdrawn") & Q(reason="")),
                name="message_withdrawn_with_reason",
            ),
            models.CheckConstraint(condition=Q(expires_at__gte=F("due_at")), name="message_expires_after_due"),
            models.CheckConstraint(
                condition=Q(delivery="", delivery_at=None) | Q(delivery__in=Delivery.values, delivery_at__isnull=False),
                name="message_delivery_with_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="print") | Q(channel="letter"), name="message_to_print_is_a_letter"
            ),
            # What is planned again is in no stack, or two would be posted.
            models.CheckConstraint(
                condition=Q(batch=None) | (Q(channel="letter") & ~Q(state__in=["planned", "claimed"])),
                name="message_in_a_stack_is_a_letter",
            ),
            models.CheckConstraint(
                condition=Q(trial=None, variant="") | Q(trial__isnull=False, variant__in=Variant.values),
                name="message_of_a_trial_has_a_variant",
            ),
            # What certainly did not arrive does not stand as sent.
            models.CheckConstraint(
                condition=~Q(delivery="permanent", state="sent"), name="message_that_never_arrives_is_not_sent"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="message_due", condition=Q(state="planned")),
            models.Index(fields=["claimed_at"], name="message_claimed", condition=Q(state="claimed")),
            models.Index(
                fields=["due_at", "id"], name="message_to_call", condition=Q(state__in=["call", "failed", "uncertain"])
            ),
            models.Index(fields=["due_at", "id"], name="message_to_print", condition=Q(state="print")),
            models.Index(fields=["batch"], name="message_by_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=["appointment_key"], name="message_by_appointment"),
            models.Index(fields=["household", "-due_at"], name="message_by_household"),
            models.Index(fields=["-due_at", "-id"], name="message_newest"),
            models.Index(
                fields=["trial", "appointment_key"], name="message_of_trial", condition=Q(trial__isnull=False)
            ),
            # Retention asks each night for the oldest texts that still stand.
            models.Index(
                fields=["due_at"], name="message_with_text", condition=~Q(facts={}) | ~Q(recipient="") | ~Q(text="")
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.get_state_display()}"
