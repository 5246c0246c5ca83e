"""The pump: claim what is due, look again, hand over, record (R-35 to R-42).

Rows are the truth. A row is claimed and marked as handed over before the provider hears of it, so a crash in between
leaves a row that a person looks at, and never a second message.
"""

import datetime as dt
import time
import uuid
from collections.abc import Callable
from uuid import UUID

import structlog
from django.db import connection, transaction

from casework.core import clock, values
from casework.households.models import ContactChannel, Household
from casework.messaging import texts
from casework.messaging.actions.callbacks import flag_dead
from casework.messaging.actions.letters import settle_letters
from casework.messaging.actions.planning import window_around
from casework.messaging.channels import ChannelError, Found, MessageChannel, NotFound, channel_for
from casework.messaging.models import (
    Channel,
    Message,
    MessageKind,
    MessageQuerySet,
    MessageState,
    WithdrawnReason,
)
from casework.messaging.post import may_be_a_letter
from casework.places.models import CalendarDay

log = structlog.get_logger(__name__)

# minutes after the first attempt at which a failed one is tried again.
RETRIES = (5, 15, 60)
# A claim older than this belongs to a worker that died.
LEASE = dt.timedelta(minutes=2)
# A provider may answer late: it is asked no sooner than this whether it has a message. One that gives no answer is not
# waited for longer than the other.
ASK_AFTER = dt.timedelta(minutes=2)
ASK_UNTIL = dt.timedelta(hours=1)
BITE = 100
# A sweep ends by itself well before its claims look like those of a dead worker; the next one goes on.
SWEEP = dt.timedelta(seconds=60)


def choose_channel(household: Household, message: Message, *, letter_in_time: bool) -> tuple[str, str]:
    """Channel and address for a message (R-39): the wish of the household first, then what can reach it.

    A number or e-mail address that does not exist gets nothing until it is changed (R-42), and a secret address no letter.
    """
    can = {
        ContactChannel.SMS: household.mobile
        if values.is_mobile(household.mobile) and not household.mobile_is_dead
        else "",
        ContactChannel.EMAIL: "" if household.email_is_dead else household.email,
        ContactChannel.LETTER: "\n".join(household.postal_lines) if letter_in_time else "",
    }
    if household.channel == ContactChannel.CALL:
        return Channel.CALL, household.call_first
    order = [household.channel, ContactChannel.SMS, ContactChannel.EMAIL, ContactChannel.LETTER]
    for name in order:
        # A text on the day itself would come too late by letter or e-mail (messages.md 4.3).
        # Who said no to a way of contact is not reached that way (domain.md 4.2).
        if name in household.refused_channels:
            continue
        if can.get(name) and (message.kind != MessageKind.SAME_DAY or name == ContactChannel.SMS):
            return Channel(name), can[name]
    return Channel.CALL, household.call_first


def send_due(
    *,
    now: dt.datetime,
    worker: str,
    still_true: Callable[[list[Message]], dict[UUID, WithdrawnReason]],
    bite: int = BITE,
) -> int:
    """Send what is due and still wanted; how many went out. Safe to repeat and to run in parallel (R-36).

    Outside the window nothing is sent. Each bite: claim (committed), look again, mark as handed over, call the
    provider outside any transaction, record. However slow the provider is, a sweep ends after SWEEP.
    """
    began = time.monotonic()

    def passed() -> dt.timedelta:
        return dt.timedelta(seconds=time.monotonic() - began)

    settle_leftovers(now=now)
    settle_letters(still_true=still_true, now=now)
    # Nothing expires before it is due: so the index on what is due finds them.
    Message.objects.due(now).filter(expires_at__lt=now).update(
        state=MessageState.WITHDRAWN, reason=WithdrawnReason.TOO_LATE
    )
    if not window_around(now).is_open(now):
        return 0
    sent = 0
    while passed() < SWEEP and (claimed := _claim(now=now, worker=worker, bite=bite)):
        ready = _look_again(claimed, still_true=still_true, now=now)
        while ready and passed() < SWEEP:
            sent += _send_one(ready.pop(0), now=now)
        for message in ready:
            _give_back(message)
    return sent


def _claim(*, now: dt.datetime, worker: str, bite: int) -> list[Message]:
    with transaction.atomic():
        keys = list(
            Message.objects.due(now).order_by("due_at", "id").select_for_update(skip_locked=True, no_key=True)
            .values_list("pk", flat=True)[:bite]
        )  # fmt: skip
        claim = f"{worker}/{uuid.uuid4().hex[:12]}"
        Message.objects.filter(pk__in=keys).update(state=MessageState.CLAIMED, claimed_at=now, claimed_by=claim)
    return list(Message.objects.filter(claimed_by=claim, state=MessageState.CLAIMED).select_related("household"))


def _look_again(claimed: list[Message], *, still_true, now: dt.datetime) -> list[Message]:
    """What is still wanted, with address and text; the rest is withdrawn (R-37, R-38)."""
    untrue = still_true(claimed)
    calendar = CalendarDay.objects.working_calendar()
    ready = []
    for message in claimed:
        reason = untrue.get(message.pk)
        if not message.household.wants_messages:
            reason = WithdrawnReason.OPTED_OUT
        if reason:
            _finish(message, state=MessageState.WITHDRAWN, reason=reason)
        elif _could_address(message, calendar, now):
            ready.append(message)
    return ready


def _could_address(message: Message, calendar, now: dt.datetime) -> bool:
    """One row that cannot be worded goes to a person; it must not hold up all the others."""
    try:
        _address(message, calendar, now)
    except Exception as error:
        # The type only: the words of an error may hold an address.
        _finish(message, state=MessageState.FAILED, error=type(error).__name__)
        log.error("message_not_worded", reference=str(message.pk), kind=message.kind, error=type(error).__name__)
        return False
    return True


def _address(message: Message, calendar, now: dt.datetime) -> None:
    in_time = may_be_a_letter(message, calendar, now)
    message.channel, message.recipient = choose_channel(message.household, message, letter_in_time=in_time)
    texts.fill(message, preferred=message.household.language, on=clock.local_date(now))


_FILLED = ("channel", "recipient", "language", "subject", "text", "wording_id", "trial_id", "variant")


def _finish(message: Message, **changes) -> bool:
    """Write an end, only while the claim is still ours: a fence against a worker that woke up late.

    Twice per message, so in plain SQL: Django needs longer to word this update than PostgreSQL to do it (bench/pump).
    """
    columns = ", ".join(f"{connection.ops.quote_name(name)} = %s" for name in changes)
    ours = "where id = %s and claimed_by = %s and state = 'claimed'"
    with connection.cursor() as cursor:
        given = [*changes.values(), message.pk, message.claimed_by]
        cursor.execute(f"update casework_message set {columns} {ours}", given)
        return bool(cursor.rowcount)


def _give_back(message: Message) -> None:
    """Claimed, but the sweep ended before its turn: planned again at once."""
    _finish(message, state=MessageState.PLANNED, claimed_at=None, claimed_by="")


def _send_one(message: Message, *, now: dt.datetime) -> int:
    """Hand one message to its provider. The mark before the call is what makes a second send impossible."""
    filled = {name: getattr(message, name) for name in _FILLED}
    if message.channel == Channel.CALL:
        _finish(message, state=MessageState.CALL, **filled)
        return 0
    channel = channel_for(message.channel)
    if channel.on_paper:
        _leave_to_print(message, channel, filled)
        return 0
    message.attempts += 1
    if not _finish(message, handed_over_at=now, attempts=message.attempts, **filled):
        return 0
    try:
        reference = channel.send(message)
    except ChannelError as error:
        _failed(message, error, now=now)
        return 0
    except Exception as error:
        _unclear(message, error, channel)
        return 0
    _finish(message, state=MessageState.SENT, sent_at=now, provider_reference=reference)
    log.info(
        "message_sent",
        reference=str(message.pk),
        kind=message.kind,
        language=message.language,
        wording=message.wording_id,
    )
    return 1


def _leave_to_print(message: Message, channel: MessageChannel, filled: dict) -> None:
    """Nothing is handed over, so a crash leaves no doubt: the next sweep does it again."""
    try:
        channel.send(message)
    except Exception as error:
        # Of what nobody foresaw the type only.
        reason = str(error)[:200] if isinstance(error, ChannelError) else type(error).__name__
        _finish(message, state=MessageState.FAILED, error=reason, **filled)
        log.warning("letter_not_printable", reference=str(message.pk), kind=message.kind)
    else:
        _finish(message, state=MessageState.PRINT, **filled)


def _unclear(message: Message, error: Exception, channel: MessageChannel) -> None:
    """Nobody knows whether the provider has it: a later sweep asks, or a person looks; this sweep goes on."""
    if channel.can_be_asked:
        _finish(message, error=type(error).__name__)
    else:
        _finish(message, state=MessageState.UNCERTAIN, error=type(error).__name__)
    log.error("message_uncertain", reference=str(message.pk), kind=message.kind, error=type(error).__name__)


def _failed(message: Message, error: ChannelError, *, now: dt.datetime) -> None:
    """Plan the next attempt, inside window and expiry, or leave it to a person; flag a number that does not exist (R-42)."""
    first = message.first_attempt_at or now
    again = None
    if not error.permanent and message.attempts <= len(RETRIES):
        again = window_around(now).next_opening(first + dt.timedelta(minutes=RETRIES[message.attempts - 1]))
    log.warning("message_failed", reference=str(message.pk), kind=message.kind, permanent=error.permanent)
    if error.dead:
        flag_dead(message, now=now)
    known = {"error": str(error)[:200], "first_attempt_at": first, "handed_over_at": None}
    if again and again <= message.expires_at:
        _finish(message, state=MessageState.PLANNED, due_at=again, claimed_at=None, claimed_by="", **known)
    else:
        _finish(message, state=MessageState.FAILED, **known)


def settle_leftovers(*, now: dt.datetime) -> tuple[int, int]:
    """What was claimed and never recorded: not yet handed over → planned again; handed over → the provider is asked.

    Of a channel that cannot be asked it is uncertain, for a person. Returns how many went back and how many are
    uncertain. Safe to repeat.
    """
    old = Message.objects.filter(state=MessageState.CLAIMED, claimed_at__lt=now - LEASE)
    again = old.filter(handed_over_at=None).update(state=MessageState.PLANNED, claimed_at=None, claimed_by="")
    asked = [name for name in Channel if name != Channel.CALL and channel_for(name).can_be_asked]
    handed = old.filter(handed_over_at__isnull=False)
    unsure = handed.exclude(channel__in=asked).update(state=MessageState.UNCERTAIN)
    unsure += _ask_about(handed.filter(channel__in=asked, handed_over_at__lt=now - ASK_AFTER), now)
    if unsure:
        log.error("messages_uncertain", number=unsure)
    return again, unsure


def _ask_about(rows: MessageQuerySet, now: dt.datetime) -> int:
    """Ask the provider, until it gives no answer: what was handed over long ago is for a person then. How many are."""
    for message in rows.order_by("handed_over_at", "id")[:BITE]:
        if not _ask(message):
            return rows.filter(handed_over_at__lt=now - ASK_UNTIL).update(state=MessageState.UNCERTAIN)
    return 0


def _ask(message: Message) -> bool:
    """Whether the provider could be asked. It has the message → sent; it never got it → planned again."""
    answer = channel_for(message.channel).lookup(str(message.pk))
    if isinstance(answer, Found):
        sent = {"sent_at": message.handed_over_at, "provider_reference": answer.reference, "error": ""}
        _finish(message, state=MessageState.SENT, **sent)
    elif isinstance(answer, NotFound):
        _finish(message, state=MessageState.PLANNED, claimed_at=None, claimed_by="", handed_over_at=None)
    else:
        return False
    log.info("message_looked_up", reference=str(message.pk), kind=message.kind, found=isinstance(answer, Found))
    return True
