"""Letters on paper: they wait, come in one stack, and are sent when somebody posted them (R-36 to R-39, decision 0063)."""

import datetime as dt
import io
import threading

import pypdf
import pytest
from django.db import IntegrityError, connection, transaction

from casework.appointments import actions as appointments
from casework.appointments.models import Appointment
from casework.core.models import AuditEntry
from casework.core.thresholds import Threshold
from casework.households.models import Household
from casework.messaging import actions, channels
from casework.messaging.actions import letters
from casework.messaging.models import MOVES, LetterBatch, Message, MessageState, WithdrawnReason
from casework.messaging.models.letters import MOVES as BATCH_MOVES
from casework.messaging.post import last_posting_day
from casework.places.models import CalendarDay, WorkingCalendar
from tests import make

DAY = dt.timedelta(days=1)


@pytest.fixture
def fatou(feijenoord):
    """Somebody with an address and nothing else."""
    return make.household(given="Fatou", surname="Ndiaye", mobile="", location=feijenoord, **make.ADDRESS)


@pytest.fixture
def book(samira, joris, now):
    def one(household, start="2026-11-16 14:00"):
        return appointments.book(household=household, counsellor=samira, location=samira.location,
                                 kind=make.appointment_type(), start=make.moment(start), by=joris, now=now)  # fmt: skip

    return one


def confirmation() -> Message:
    return Message.objects.get(kind="confirmation")


def sweep(moment) -> None:
    appointments.send_due_messages(now=moment)


class TestThePump:
    def test_a_letter_waits_for_somebody_who_prints_it(self, fatou, book, now):
        book(fatou)
        assert appointments.send_due_messages(now=now) == 0
        row = confirmation()
        assert (row.state, row.channel, row.sent_at, row.handed_over_at, row.attempts) == (
            "print",
            "letter",
            None,
            None,
            0,
        )
        assert row.recipient.split("\n") == ["Fatou Ndiaye", "Voorbeeldstraat 1", "3072 AB  ROTTERDAM"]
        assert "maandag 16 november" in row.text
        assert "Ndiaye" not in row.text + row.subject

    def test_a_worker_that_dies_leaves_no_doubt_since_nobody_was_told(self, fatou, book, now):
        book(fatou)
        Message.objects.filter(kind="confirmation").update(state="claimed", claimed_at=now, claimed_by="dead")
        sweep(now + dt.timedelta(minutes=3))
        assert confirmation().state == MessageState.PRINT

    @pytest.mark.parametrize(
        "fields",
        [{"secret_address": True}, {"street": ""}, {"house_number": ""}, {"postcode": ""}, {"city": ""}],
    )  # fmt: skip
    def test_a_secret_or_half_address_gets_no_letter(self, feijenoord, book, now, fields):
        book(make.household(mobile="", location=feijenoord, **make.ADDRESS | fields))
        sweep(now)
        row = confirmation()
        assert (row.state, row.recipient) == (MessageState.CALL, "")

    def test_what_cannot_be_put_on_paper_is_for_a_person_and_holds_up_nobody(self, feijenoord, book, now, caplog):
        book(make.household(given="北京", mobile="", location=feijenoord, **make.ADDRESS))
        sweep(now)
        row = confirmation()
        assert (row.state, row.error) == (MessageState.FAILED, "CannotBeTypeset")
        assert "北京" not in caplog.text

    @pytest.mark.parametrize(
        ("today", "channel"),
        [("2026-11-06 09:00", "letter"), ("2026-11-12 09:00", "call")],
    )  # fmt: skip
    def test_a_letter_that_would_not_arrive_any_more_is_not_begun(self, fatou, book, now, today, channel):
        book(fatou, start="2026-11-16 14:00")
        Message.objects.filter(kind="confirmation").update(due_at=make.moment(today))
        sweep(make.moment(today))
        assert confirmation().channel == channel

    def test_a_reminder_of_two_days_before_is_a_call(self, fatou, book, now):
        """A letter would not be there in time."""
        book(fatou)
        sweep(make.moment("2026-11-14 10:00"))
        assert Message.objects.get(kind="t2").state == MessageState.CALL

    def test_missed_goes_by_letter_as_long_as_it_is_of_use(self, fatou, samira, now):
        missed = make.appointment(household=fatou, counsellor=samira, start="2026-10-30 10:00", outcome="N")
        actions.plan_missed(household=fatou, appointment_key=missed.pk, starts_at=missed.starts_at, now=now,
                            facts=appointments.message_facts(missed))  # fmt: skip
        sweep(now + dt.timedelta(hours=1))
        row = Message.objects.get()
        assert (row.state, row.channel) == (MessageState.PRINT, "letter")
        assert "brief over uw huis" in row.text
        sweep(make.moment("2026-11-12 10:00"))
        row.refresh_from_db()
        assert row.state == MessageState.CALL


class TestUnsent:
    """Whatever makes a letter untrue withdraws it, on paper or not (R-37, R-38, R-62)."""

    @pytest.fixture(params=["waits", "in a stack"])
    def letter(self, request, fatou, book, joris, now):
        book(fatou)
        sweep(now)
        if request.param == "in a stack":
            actions.make_batch(by=joris, now=now)
        return confirmation()

    def reason(self, letter) -> str:
        letter.refresh_from_db()
        return letter.reason

    def test_cancelling(self, letter, joris, now):
        appointments.cancel(appointment=Appointment.objects.get(), by_resident=True, told_at=now, by=joris, now=now)
        assert self.reason(letter) == "cancelled"

    def test_opting_out(self, letter, joris, now):
        actions.withdraw_household(household=letter.household, reason=WithdrawnReason.OPTED_OUT, now=now)
        assert self.reason(letter) == "opted_out"

    @pytest.mark.parametrize("reason", [WithdrawnReason.MOVED, WithdrawnReason.RECORDED, WithdrawnReason.CORRECTED])
    def test_moving_recording_and_correcting(self, letter, now, reason):
        actions.withdraw(appointment_key=letter.appointment_key, reason=reason, now=now)
        assert self.reason(letter) == reason

    def test_what_changed_without_telling_is_found_by_the_next_sweep(self, letter, now):
        """As a delivery that is read in may do (R-37)."""
        Appointment.objects.update(outcome="E", recorded_at=now, recorded_by=make.user())
        sweep(now)
        assert self.reason(letter) == "cancelled"

    def test_who_wants_no_messages_is_found_by_the_next_sweep_too(self, letter, now):
        Household.objects.update(channel="none")
        sweep(now)
        assert self.reason(letter) == "opted_out"

    def test_too_late_to_arrive_goes_to_the_call_list(self, letter):
        sweep(make.moment("2026-11-11 18:00"))
        letter.refresh_from_db()
        assert letter.state == MessageState.PRINT
        sweep(make.moment("2026-11-12 08:00"))
        letter.refresh_from_db()
        assert letter.state == MessageState.CALL

    def test_how_long_the_post_takes_is_a_threshold(self, letter):
        make.threshold(Threshold.LETTER_TAKES, 1)
        sweep(make.moment("2026-11-12 18:00"))
        letter.refresh_from_db()
        assert letter.state == MessageState.PRINT

    def test_another_counsellor(self, letter):
        """Made anew while it waits; what is on paper is as good as sent (R-60)."""
        actions.change_facts(appointment_key=letter.appointment_key, facts=letter.facts | {"first_name": "Bram"})
        letter.refresh_from_db()
        assert (letter.state, letter.facts["first_name"]) in {("planned", "Bram"), ("print", "Samira")}
        assert (letter.state == "print") == (letter.batch is not None)
        sweep(make.moment("2026-11-02 10:00"))
        letter.refresh_from_db()
        assert letter.state == MessageState.PRINT
        assert ("Bram" in letter.text) == (letter.batch is None)


class TestAStack:
    def test_the_oldest_first_of_one_location_once(self, fatou, joris, now, monkeypatch):
        monkeypatch.setattr(letters, "MOST_LETTERS", 2)
        elsewhere = make.household(mobile="", location=make.location(), **make.ADDRESS)
        make.letter(elsewhere, due_at=now - 9 * DAY)
        old, older = make.letter(fatou, due_at=now - DAY), make.letter(fatou, due_at=now - 2 * DAY)
        newest = make.letter(fatou, due_at=now)
        batch = actions.make_batch(by=joris, now=now, location=fatou.location)
        assert set(batch.letters.all()) == {old, older}
        assert list(actions.make_batch(by=joris, now=now, location=fatou.location).letters.all()) == [newest]
        with pytest.raises(letters.NothingToPrint):
            actions.make_batch(by=joris, now=now, location=fatou.location)
        line = AuditEntry.objects.filter(action="print_letters").earliest("pk")
        assert (line.object_key, line.details) == (f"letterbatch:{batch.pk}", {"letters": 2})
        assert actions.make_batch(by=joris, now=now).letters.count() == 1

    def test_who_moved_meanwhile_gets_it_at_the_new_address(self, fatou, joris, now):
        row = make.letter(fatou)
        Household.objects.update(house_number="22")
        actions.make_batch(by=joris, now=now)
        row.refresh_from_db()
        assert "Voorbeeldstraat 22" in row.recipient

    def test_who_can_be_sent_nothing_any_more_is_called(self, fatou, joris, now):
        row = make.letter(fatou)
        Household.objects.update(secret_address=True, phone="+31101234567")
        assert actions.make_batch(by=joris, now=now) is None
        row.refresh_from_db()
        assert (row.state, row.recipient, row.batch) == ("call", "+31101234567", None)
        assert not LetterBatch.objects.exists()

    def test_the_document_has_each_letter_on_its_own_sheet_and_is_the_same_each_time(self, fatou, joris, now):
        for number in range(3):
            make.letter(fatou, text=f"Brief {number}", due_at=now + number * dt.timedelta(minutes=1))
        batch = actions.make_batch(by=joris, now=now)
        rows = list(batch.letters.order_by("due_at"))
        found = pypdf.PdfReader(io.BytesIO(actions.document_of(batch, rows)))
        assert [page.extract_text()[-7:] for page in found.pages] == ["Brief 0", "", "Brief 1", "", "Brief 2"]
        assert found.metadata.title == "Brieven"
        assert actions.document_of(batch, rows) == actions.document_of(batch, rows)

    def test_posted_is_sent_once(self, fatou, joris, now):
        stays, gone = make.letter(fatou), make.letter(fatou)
        batch = actions.make_batch(by=joris, now=now)
        actions.withdraw(appointment_key=gone.appointment_key, reason=WithdrawnReason.CANCELLED, now=now)
        later = now + dt.timedelta(hours=1)
        for _click in range(2):
            assert actions.post_batch(batch=batch, by=joris, now=later).state == "posted"
            later += DAY
        stays.refresh_from_db()
        gone.refresh_from_db()
        assert (stays.state, stays.sent_at) == ("sent", now + dt.timedelta(hours=1))
        assert (gone.state, gone.sent_at) == ("withdrawn", None)
        assert AuditEntry.objects.get(action="post_letters").details == {"letters": 1}
        with pytest.raises(letters.BatchSettled):
            actions.print_again(batch=batch, by=joris, now=now)

    def test_one_letter_came_to_nothing(self, fatou, joris, now):
        one, other = make.letter(fatou), make.letter(fatou)
        batch = actions.make_batch(by=joris, now=now)
        assert actions.print_again(batch=batch, letter=one, by=joris, now=now) == 1
        assert set(Message.objects.to_print()) == {one}
        with pytest.raises(letters.NotInBatch):
            actions.print_again(batch=batch, letter=one, by=joris, now=now)
        actions.post_batch(batch=batch, by=joris, now=now)
        assert Message.objects.get(pk=one.pk).state == MessageState.PRINT
        assert Message.objects.get(pk=other.pk).state == MessageState.SENT

    def test_nothing_was_printed(self, fatou, joris, now):
        make.letter(fatou)
        gone = make.letter(fatou)
        batch = actions.make_batch(by=joris, now=now)
        actions.withdraw(appointment_key=gone.appointment_key, reason=WithdrawnReason.CANCELLED, now=now)
        assert actions.print_again(batch=batch, by=joris, now=now) == 1
        batch.refresh_from_db()
        assert (batch.state, batch.settled_by) == ("again", joris)
        with pytest.raises(letters.BatchSettled):
            actions.post_batch(batch=batch, by=joris, now=now)
        assert actions.make_batch(by=joris, now=now).letters.count() == 1

    def test_a_stack_without_its_last_letter_is_over(self, fatou, joris, now):
        row = make.letter(fatou)
        batch = actions.make_batch(by=joris, now=now)
        actions.print_again(batch=batch, letter=row, by=joris, now=now)
        batch.refresh_from_db()
        assert batch.state == "again"


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"channel": "sms", "batch": None}, "message_to_print_is_a_letter"),
        ({"channel": "sms", "state": "failed"}, "message_in_a_stack_is_a_letter"),
        ({"state": "planned"}, "message_in_a_stack_is_a_letter"),
        ({"state": "claimed", "claimed_at": dt.datetime(2026, 11, 2, tzinfo=dt.UTC)}, "message_in_a_stack_is_a_letter"),
        ({"state": "sent"}, "message_sent_with_moment"),
    ],
)
def test_what_the_database_refuses(fatou, joris, now, changes, constraint):
    make.letter(fatou)
    actions.make_batch(by=joris, now=now)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Message.objects.update(**changes)


@pytest.mark.parametrize("changes", [{"state": "posted"}, {"settled_at": dt.datetime(2026, 11, 2, tzinfo=dt.UTC)}])
def test_a_stack_is_over_by_somebody_at_some_moment(fatou, joris, now, changes):
    make.letter(fatou)
    actions.make_batch(by=joris, now=now)
    with pytest.raises(IntegrityError, match="letter_batch_settled_by_somebody"), transaction.atomic():
        LetterBatch.objects.update(**changes)


def test_moves():
    assert MOVES[MessageState.PRINT] == {"sent", "planned", "withdrawn", "call"}
    assert [state for state, targets in MOVES.items() if MessageState.PRINT in targets] == [MessageState.CLAIMED]
    assert [state for state, targets in BATCH_MOVES.items() if targets] == ["to_post"]


@pytest.mark.parametrize(
    ("start", "expected"),
    # Thursday needs Tuesday and Wednesday; a Monday needs the Thursday and Friday before it.
    [("2026-11-12 14:00", "2026-11-09"), ("2026-11-16 14:00", "2026-11-11"), ("2026-11-03 14:00", "2026-11-02")],
)
def test_the_last_day_to_post(start, expected):
    row = Message(kind="confirmation", planned_start=make.moment(start))
    assert last_posting_day(row, WorkingCalendar(), dt.date(2026, 11, 2)) == dt.date.fromisoformat(expected)


def test_a_closed_day_counts_as_none(db):
    CalendarDay.objects.create(date=dt.date(2026, 11, 11), name="Proefdag")
    calendar = CalendarDay.objects.working_calendar()
    row = Message(kind="confirmation", planned_start=make.moment("2026-11-12 14:00"))
    assert last_posting_day(row, calendar, dt.date(2026, 11, 2)) == dt.date(2026, 11, 6)


# Races: two people at the same moment


def together(*acts) -> list:
    """What each of them gives back, or the name of what it refuses."""
    start, found = threading.Barrier(len(acts)), []

    def one(act):
        start.wait(30)
        try:
            found.append(act())
        except Exception as error:
            found.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == len(acts)
    return found


@pytest.fixture
def crowd(joris, now):
    """Twenty letters."""
    home = make.household(mobile="", **make.ADDRESS)
    return [make.letter(home) for _letter in range(20)]


real = pytest.mark.django_db(transaction=True)


def _prints(joris, now, got):
    def act():
        batch = actions.make_batch(by=joris, now=now)
        got.append(set(batch.letters.values_list("pk", flat=True)))

    return act


@real
def test_two_people_print_at_once_and_each_letter_is_in_one_stack(crowd, joris, now):
    got = []
    said = together(*[_prints(joris, now, got) for _person in range(4)])
    assert sorted(map(str, said)) == ["None", *["NothingToPrint"] * 3]
    assert [len(keys) for keys in got] == [20]
    assert LetterBatch.objects.count() == 1


@real
def test_without_the_lock_letters_would_be_on_paper_twice(crowd, joris, now, monkeypatch):
    """The negative control: both look first, and write then."""
    seen = threading.Barrier(2)

    def look(_location):
        rows = list(Message.objects.to_print().select_related("household"))
        seen.wait(30)
        return rows

    monkeypatch.setattr(letters, "_waiting", look)
    together(*[_prints(joris, now, []) for _person in range(2)])
    assert LetterBatch.objects.count() == 2
    assert list(AuditEntry.objects.filter(action="print_letters").values_list("details__letters", flat=True)) == [
        20,
        20,
    ]


@real
def test_what_is_withdrawn_while_somebody_posts_is_one_or_the_other(crowd, joris, now):
    batch = actions.make_batch(by=joris, now=now)

    def withdraw():
        for row in crowd:
            actions.withdraw(appointment_key=row.appointment_key, reason=WithdrawnReason.CANCELLED, now=now)

    posts = [lambda: actions.post_batch(batch=batch, by=joris, now=now) and None] * 3
    assert together(withdraw, *posts) == [None] * 4
    ends = Message.objects.values_list("state", "sent_at", "reason")
    assert {(state, bool(at), reason) for state, at, reason in ends} <= {
        ("sent", True, ""),
        ("withdrawn", False, "cancelled"),
    }
    sent = Message.objects.filter(state="sent").count()
    assert AuditEntry.objects.get(action="post_letters").details == {"letters": sent}


def test_the_channel_hands_nothing_over(fatou, now):
    row = make.letter(fatou)
    assert channels.PrintBatch().send(row) == ""
    assert (channels.PrintBatch.on_paper, channels.PrintBatch.can_be_asked) == (True, False)
