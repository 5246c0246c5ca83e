"""NotifyNL: what goes over the wire, and what its answers mean (R-36, R-42, R-43)."""

import datetime as dt
import json
import logging

import pytest
from django.core.exceptions import ImproperlyConfigured

from casework.appointments import actions as appointments
from casework.messaging import channels
from casework.messaging.models import Message, MessageState
from etf import environment
from tests import make
from tests.messaging import notify_simulator

MINUTE = dt.timedelta(minutes=1)
THROUGH = {"sms": environment.NOTIFY, "email": environment.NOTIFY, "letter": "elsewhere"}


@pytest.fixture
def notify(settings, monkeypatch):
    simulator = notify_simulator.Simulator()
    with simulator.serving() as address:
        settings.ETF_CHANNELS = dict.fromkeys(("sms", "email", "letter"), environment.NOTIFY)
        given = {"URL": address, "KEY": notify_simulator.KEY, "TEMPLATE_SMS": "t-sms", "TEMPLATE_EMAIL": "t-email",
                 "TEMPLATE_LETTER": "t-letter"}  # fmt: skip
        for name, value in given.items():
            monkeypatch.setenv(f"ETF_NOTIFY_{name}", value)
        settings.ETF_NOTIFY = environment.notify("ETF_NOTIFY", settings.ETF_CHANNELS, https_only=False)
        yield simulator


@pytest.fixture
def book(samira, joris, now):
    def one(start="2026-11-12 14:00", **household):
        return appointments.book(household=make.household(**household), counsellor=samira, location=samira.location,
                                 kind=make.appointment_type(), start=make.moment(start), by=joris, now=now)  # fmt: skip

    return one


def confirmation() -> Message:
    return Message.objects.get(kind="confirmation")


def test_a_text_message_goes_over_the_wire_with_our_id_and_no_name(book, now, notify):
    book(given="Fatou", surname="Ndiaye", mobile="+31612345678")
    assert appointments.send_due_messages(now=now) == 1
    row, (got,) = confirmation(), notify.got
    assert got == {
        "phone_number": "+31612345678", "template_id": "t-sms", "personalisation": {"text": row.text},
        "reference": str(row.pk), "id": row.provider_reference, "type": "sms",
    }  # fmt: skip
    assert "Ndiaye" not in str(got)


def test_an_e_mail_has_its_subject(book, now, notify):
    book(mobile="", email="fatou@example.org")
    appointments.send_due_messages(now=now)
    (got,) = notify.got
    assert (got["email_address"], got["template_id"], got["type"]) == ("fatou@example.org", "t-email", "email")
    assert got["personalisation"] == {"text": confirmation().text, "subject": confirmation().subject}


def test_a_letter_goes_over_the_wire_byte_for_byte(book, now, notify):
    """The lines of the envelope apart, as their letter template wants them; no number and no e-mail address."""
    book(given="Fatou", surname="Ndiaye", mobile="", start="2026-11-16 14:00", **make.ADDRESS)
    assert appointments.send_due_messages(now=now) == 1
    row = confirmation()
    (path, headers, body) = notify.heard[-1]
    assert path == "/v2/notifications/letter"
    assert headers["Content-Type"] == "application/json"
    assert body == json.dumps(
        {
            "template_id": "t-letter",
            "personalisation": {
                "text": row.text, "subject": "Uw afspraak met de gemeente Rotterdam", "address_line_1": "Fatou Ndiaye",
                "address_line_2": "Voorbeeldstraat 1", "address_line_3": "3072 AB  ROTTERDAM",
            },
            "reference": str(row.pk),
        }
    ).encode()  # fmt: skip
    assert (row.state, row.provider_reference) == (MessageState.SENT, notify.got[0]["id"])


def test_a_letter_that_is_refused_is_for_a_person(book, now, notify):
    notify.troubles = [400]
    book(mobile="", start="2026-11-16 14:00", **make.ADDRESS)
    assert appointments.send_due_messages(now=now) == 0
    assert (confirmation().state, confirmation().channel) == (MessageState.FAILED, "letter")


@pytest.mark.parametrize(
    ("trouble", "state"),
    [(400, MessageState.FAILED), (403, MessageState.PLANNED), (429, MessageState.PLANNED), (500, MessageState.CLAIMED)],
)
def test_what_an_answer_means(trouble, state, book, now, notify, caplog):
    """Wrong is for a person; not allowed or too much is tried again; a fault over there leaves it open."""
    caplog.set_level(logging.DEBUG)
    book()
    notify.troubles = [trouble]
    assert appointments.send_due_messages(now=now) == 0
    assert confirmation().state == state
    assert confirmation().recipient not in caplog.text + confirmation().error


def test_nobody_there_is_tried_again(book, now, notify, settings):
    settings.ETF_NOTIFY = settings.ETF_NOTIFY | {"url": "http://127.0.0.1:9"}
    book()
    appointments.send_due_messages(now=now)
    assert (confirmation().state, confirmation().due_at) == (MessageState.PLANNED, now + 5 * MINUTE)


def test_taken_but_never_answered_is_asked_after_two_minutes_and_not_sent_again(book, now, notify):
    book()
    notify.troubles = ["lost"]
    assert appointments.send_due_messages(now=now) == 0
    assert appointments.send_due_messages(now=now + MINUTE) == 0
    assert notify.asked == []
    appointments.send_due_messages(now=now + 3 * MINUTE)
    row = confirmation()
    assert (row.state, row.sent_at, row.provider_reference) == (MessageState.SENT, now, notify.got[0]["id"])
    assert notify.references() == [str(row.pk)]


def test_never_taken_is_sent_after_the_provider_said_so(book, now, notify):
    book()
    notify.troubles = ["shut"]
    assert appointments.send_due_messages(now=now) == 0
    assert appointments.send_due_messages(now=now + 3 * MINUTE) == 1
    assert notify.references() == [str(confirmation().pk)]


def test_a_provider_that_cannot_be_asked_for_an_hour_leaves_it_to_a_person(book, now, notify):
    book()
    notify.troubles, notify.deaf = ["lost"], True
    for minutes in (0, 3, 30, 59):
        appointments.send_due_messages(now=now + minutes * MINUTE)
        assert confirmation().state == MessageState.CLAIMED
    appointments.send_due_messages(now=now + 61 * MINUTE)
    assert confirmation().state == MessageState.UNCERTAIN
    assert len(notify.got) == 1


def test_after_hours_without_any_worker_the_provider_is_still_asked_first(book, now, notify):
    book()
    notify.troubles = ["lost"]
    appointments.send_due_messages(now=now)
    appointments.send_due_messages(now=now + 180 * MINUTE)
    assert confirmation().state == MessageState.SENT
    assert len(notify.got) == 1


def test_a_worker_that_died_after_the_provider_took_it_sends_nothing_twice(book, now, notify):
    book()
    appointments.send_due_messages(now=now)
    Message.objects.filter(kind="confirmation").update(
        state="claimed", claimed_at=now, claimed_by="dead", sent_at=None, provider_reference=""
    )
    appointments.send_due_messages(now=now + 3 * MINUTE)
    assert confirmation().state == MessageState.SENT
    assert len(notify.got) == 1


def test_without_asking_the_same_death_would_send_twice(book, now, notify, monkeypatch):
    """The negative control: a provider whose answer is not waited for."""
    monkeypatch.setattr(channels.NotifyChannel, "lookup", lambda _channel, _reference: channels.NotFound())
    book()
    notify.troubles = ["lost"]
    appointments.send_due_messages(now=now)
    appointments.send_due_messages(now=now + 3 * MINUTE)
    assert len(notify.got) == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "ETF_NOTIFY_KEY"),
        ({"KEY": "short"}, "whole API key"),
        ({"KEY": notify_simulator.KEY}, "ETF_NOTIFY_TEMPLATE_SMS"),
        ({"KEY": notify_simulator.KEY, "URL": "http://notify.example.org"}, "https"),
    ],
)
def test_what_is_missing_is_named_at_the_start(given, words, monkeypatch):
    for name, value in given.items():
        monkeypatch.setenv(f"ETF_NOTIFY_{name}", value)
    with pytest.raises(ImproperlyConfigured, match=words):
        environment.notify("ETF_NOTIFY", THROUGH, https_only=True)


def test_letters_want_a_template_of_their_own(monkeypatch):
    monkeypatch.setenv("ETF_NOTIFY_KEY", notify_simulator.KEY)
    with pytest.raises(ImproperlyConfigured, match="ETF_NOTIFY_TEMPLATE_LETTER"):
        environment.notify("ETF_NOTIFY", {"letter": environment.NOTIFY}, https_only=True)


def test_without_notify_nothing_is_asked_for():
    assert environment.notify("ETF_NOTIFY", {"sms": "elsewhere"}, https_only=True) is None
