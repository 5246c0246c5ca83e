"""A sweep that meets trouble: a slow provider, an error nobody foresaw, a row that cannot be worded (R-36, R-42)."""

import datetime as dt
import logging
import smtplib

import pytest
from django.core.mail.backends.base import BaseEmailBackend

from casework.appointments import actions as appointments
from casework.messaging import actions, channels, texts
from casework.messaging.actions import sending
from casework.messaging.models import Message, MessageState
from tests import make


class Provider(channels.OneWay):
    """Takes everything; `trouble` is raised, or called, at the first message."""

    got: list = []
    trouble = None

    def send(self, message):
        self.got.append(str(message.pk))
        trouble, Provider.trouble = Provider.trouble, None
        if isinstance(trouble, Exception):
            raise trouble
        if trouble:
            trouble()
        return "provider"


class BrokenMail(BaseEmailBackend):
    """A mail server with which something goes wrong."""

    error: Exception

    def send_messages(self, email_messages):
        raise self.error


@pytest.fixture(autouse=True)
def provider(settings):
    Provider.got, Provider.trouble = [], None
    settings.ETF_CHANNELS = dict.fromkeys(("sms", "letter"), f"{__name__}.Provider") | {
        "email": "casework.messaging.channels.EmailChannel"
    }
    settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"
    return Provider


@pytest.fixture
def three_due(samira, joris, now):
    """Three confirmations that are due now, to three mobile telephones."""
    for hour in (10, 11, 14):
        appointments.book(household=make.household(), counsellor=samira, location=samira.location,
                          kind=make.appointment_type(), start=make.moment(f"2026-11-12 {hour}:00"), by=joris, now=now)  # fmt: skip
    return Message.objects.filter(kind="confirmation").order_by("due_at", "id")


def states() -> list[str]:
    return sorted(Message.objects.filter(kind="confirmation").values_list("state", flat=True))


def test_a_sweep_ends_in_time_and_gives_back_what_it_did_not_send(three_due, now, provider, monkeypatch):
    """A slow provider must not make a living worker look dead."""
    provider.trouble = lambda: monkeypatch.setattr(sending, "SWEEP", dt.timedelta(0))
    assert appointments.send_due_messages(now=now) == 1
    assert states() == ["planned", "planned", "sent"]
    monkeypatch.setattr(sending, "SWEEP", dt.timedelta(minutes=1))
    assert appointments.send_due_messages(now=now) == 2
    assert len(set(provider.got)) == len(provider.got) == 3


def test_a_sweep_is_shorter_than_the_lease():
    """Else its own claims would be taken for those of a dead worker."""
    assert sending.SWEEP <= sending.LEASE / 2


def test_an_error_nobody_foresaw_makes_one_row_uncertain_and_the_others_go_out(three_due, now, provider, caplog):
    provider.trouble = ValueError("sent to +31612345678")
    assert appointments.send_due_messages(now=now) == 2
    assert states() == ["sent", "sent", "uncertain"]
    assert Message.objects.to_call().get().error == "ValueError"
    assert appointments.send_due_messages(now=now + dt.timedelta(hours=1)) == 0
    assert len(set(provider.got)) == len(provider.got) == 3
    assert "+31612345678" not in caplog.text


def test_a_row_that_cannot_be_worded_does_not_hold_up_the_others(three_due, now, provider, monkeypatch, caplog):
    bad, fill = three_due[0].pk, texts.fill

    def fill_but_one(message, **asked):
        if message.pk == bad:
            raise KeyError("Jan Proef")
        fill(message, **asked)

    monkeypatch.setattr(texts, "fill", fill_but_one)
    caplog.set_level(logging.DEBUG)
    assert appointments.send_due_messages(now=now) == 2
    assert Message.objects.to_call().get().pk == bad
    assert Message.objects.get(pk=bad).state == MessageState.FAILED
    assert str(bad) not in provider.got
    assert "Jan Proef" not in caplog.text


def test_a_claim_that_a_worker_left_uses_up_no_attempt(three_due, now):
    three_due.update(state="claimed", claimed_at=now - dt.timedelta(minutes=3), claimed_by="dead")
    actions.settle_leftovers(now=now)
    appointments.send_due_messages(now=now)
    assert set(three_due.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ConnectionRefusedError(), "planned"),
        (smtplib.SMTPDataError(451, b"try later"), "planned"),
        (smtplib.SMTPServerDisconnected("in the middle"), "uncertain"),
        (TimeoutError(), "uncertain"),
    ],
)
def test_mail_is_only_tried_again_when_it_certainly_did_not_leave(error, state, samira, joris, now):
    """A connection that breaks after the text was given may have delivered it (R-36)."""
    household = make.household(mobile="", email="jan@example.org")
    appointments.book(household=household, counsellor=samira, location=samira.location, by=joris, now=now,
                      kind=make.appointment_type(), start=make.moment("2026-11-12 14:00"))  # fmt: skip
    BrokenMail.error = error
    appointments.send_due_messages(now=now)
    assert states() == [state]
