"""The pump: claim, look again, mark, send, record (R-35 to R-43)."""

import datetime as dt
import logging

import pytest

from casework.appointments import actions as appointments
from casework.core.refusals import Refused
from casework.messaging import actions, channels
from casework.messaging.actions import sending
from casework.messaging.models import Message, MessageState
from tests import make

MINUTE = dt.timedelta(minutes=1)


class FakeChannel(channels.OneWay):
    """Remembers what it was given; fails as told."""

    sent: list = []
    failures: list = []

    def send(self, message):
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(str(message.pk))
        return "fake"


@pytest.fixture(autouse=True)
def fake(settings):
    FakeChannel.sent, FakeChannel.failures = [], []
    settings.ETF_CHANNELS = dict.fromkeys(("sms", "email", "letter"), f"{__name__}.FakeChannel")
    return FakeChannel


@pytest.fixture
def booked(samira, joris, now):
    """An appointment on Thursday 12 November, booked now: confirmation due now, reminders later."""
    return appointments.book(household=make.household(), counsellor=samira, location=samira.location,
                             kind=make.appointment_type(), start=make.moment("2026-11-12 14:00"), by=joris, now=now)  # fmt: skip


def states() -> dict[str, str]:
    return dict(Message.objects.values_list("kind", "state"))


def test_only_what_is_due_goes_out_once(booked, now, fake):
    assert appointments.send_due_messages(now=now) == 1
    assert appointments.send_due_messages(now=now) == 0
    assert states() == {"confirmation": "sent", "t2": "planned", "t0": "planned"}
    row = Message.objects.get(kind="confirmation")
    assert fake.sent == [str(row.pk)]
    assert (row.channel, row.language, row.recipient) == ("sms", "nl", "+31612345678")


def test_nothing_goes_out_outside_the_window(booked, fake):
    for moment in ("2026-11-10 20:00", "2026-11-10 07:59", "2026-11-08 12:00"):
        assert appointments.send_due_messages(now=make.moment(moment)) == 0
    assert fake.sent == []


def test_late_is_too_late(booked):
    appointments.send_due_messages(now=make.moment("2026-11-12 13:01"))
    assert {kind: state for kind, state in states().items() if state == "withdrawn"} == {
        "t2": "withdrawn",
        "t0": "withdrawn",
    }


def test_t0_still_goes_out_an_hour_before(booked, fake):
    Message.objects.exclude(kind="t0").delete()
    assert appointments.send_due_messages(now=make.moment("2026-11-12 13:00")) == 1


def test_it_looks_again_right_before_sending(booked, now, fake):
    """A row that a change left planned is still not sent."""
    type(booked).objects.filter(pk=booked.pk).update(outcome="E", recorded_at=now, recorded_by=booked.booked_by)
    assert appointments.send_due_messages(now=now) == 0
    assert Message.objects.get(kind="confirmation").reason == "cancelled"
    assert fake.sent == []


def test_opting_out_counts_at_the_last_moment(booked, now, fake):
    type(booked.household).objects.update(channel="none")
    appointments.send_due_messages(now=now)
    assert Message.objects.get(kind="confirmation").reason == "opted_out"


def test_a_failure_is_tried_after_5_15_and_60_minutes_and_then_a_person_calls(booked, now, fake):
    fake.failures = [channels.ChannelError("busy") for _try in range(4)]
    for wait in (5, 15, 60):
        appointments.send_due_messages(now=Message.objects.get(kind="confirmation").due_at)
        row = Message.objects.get(kind="confirmation")
        assert (row.state, row.due_at) == (MessageState.PLANNED, now + wait * MINUTE)
    appointments.send_due_messages(now=row.due_at)
    assert Message.objects.get(kind="confirmation").state == MessageState.FAILED
    assert Message.objects.to_call().count() == 1


def test_a_number_that_does_not_exist_is_not_tried_again(booked, now, fake):
    fake.failures = [channels.ChannelError("unknown number", permanent=True)]
    appointments.send_due_messages(now=now)
    assert Message.objects.get(kind="confirmation").state == MessageState.FAILED


def test_without_any_channel_it_comes_on_the_call_list(samira, joris, now, fake):
    appointments.book(household=make.household(mobile=""), counsellor=samira, location=samira.location,
                      kind=make.appointment_type(), start=make.moment("2026-11-12 14:00"), by=joris, now=now)  # fmt: skip
    appointments.send_due_messages(now=now)
    assert states()["confirmation"] == "call"


def test_a_claim_left_by_a_dead_worker_is_free_again_but_never_after_the_mark(booked, now, fake):
    Message.objects.filter(kind="confirmation").update(state="claimed", claimed_at=now, claimed_by="dead")
    later = now + 3 * MINUTE
    assert appointments.send_due_messages(now=later) == 1
    Message.objects.filter(kind="confirmation").update(
        state="claimed", sent_at=None, claimed_at=now, claimed_by="dead", handed_over_at=now
    )
    fake.sent.clear()
    assert appointments.send_due_messages(now=later) == 0
    assert states()["confirmation"] == "uncertain"
    assert fake.sent == []


def test_a_worker_that_wakes_up_late_cannot_send_what_another_has(booked, now, fake):
    mine = sending._claim(now=now, worker="one", bite=10)
    Message.objects.filter(pk=mine[0].pk).update(claimed_by="two")
    mine[0].channel, mine[0].text = "sms", "x"
    assert sending._send_one(mine[0], now=now) == 0
    assert fake.sent == []


def test_a_call_is_settled_once(samira, joris, now):
    row = Message.objects.create(household=make.household(), appointment_key=1, kind="t2", planned_start=now, due_at=now,
                                 expires_at=now, created_at=now, state="call")  # fmt: skip
    assert actions.settle_call(message=row, result="no_answer", by=joris, now=now).state == "call"
    assert actions.settle_call(message=row, result="spoken", by=joris, now=now).state == "called"
    with pytest.raises(Refused):
        actions.settle_call(message=row, result="spoken", by=joris, now=now)


def test_no_voicemail_where_none_may_be_left(joris, now):
    row = Message.objects.create(household=make.household(no_voicemail=True), appointment_key=1, kind="t2", planned_start=now,
                                 due_at=now, expires_at=now, created_at=now, state="call")  # fmt: skip
    with pytest.raises(Refused):
        actions.settle_call(message=row, result="voicemail", by=joris, now=now)


def test_logs_hold_neither_text_nor_number(booked, now, caplog):
    caplog.set_level(logging.DEBUG)
    appointments.send_due_messages(now=now)
    row = Message.objects.get(kind="confirmation")
    assert str(row.pk) in caplog.text
    assert row.recipient not in caplog.text
    assert row.text not in caplog.text
    assert booked.household.display_name not in caplog.text
