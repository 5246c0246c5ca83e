"""Residents who cancel by themselves: a page, or a reply with a code; off unless a location has it (decision 0067)."""

import datetime as dt
import html
import json
import re
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.appointments import actions
from casework.appointments.actions import self_cancel
from casework.appointments.actions.booking import book
from casework.appointments.actions.reminders import plan_messages
from casework.appointments.models import TOLD_TO_US, Appointment, CancelCode, ToldHow, code_in
from casework.core.models import AuditEntry, Role
from casework.households.models import Task
from casework.messaging.models import Message, MessageText
from casework.messaging.texts import fill
from casework.places.models import Location
from tests import make
from tests.messaging.notify_simulator import TEXTS, TOKEN, text_from

pytestmark = pytest.mark.django_db
ADDRESS = "https://etf.example.nl"
START = "2026-11-12 14:00"


@pytest.fixture(autouse=True)
def notify(settings):
    settings.ETF_NOTIFY = {"callback_token": TOKEN}
    settings.ETF_ADDRESS = ADDRESS


@pytest.fixture
def open_place(feijenoord):
    """Feijenoord, where residents cancel by themselves."""
    feijenoord.self_cancel = True
    feijenoord.save()
    return feijenoord


@pytest.fixture
def row(now, open_place, samira) -> Appointment:
    """Fatou's talk on Thursday 12 November at 14:00, with its messages planned."""
    home = make.household(given="Fatou", surname="Ndiaye", location=open_place, owner=samira)
    made = make.appointment(household=home, counsellor=samira, start=START, booked_at=now)
    plan_messages(made, moved=False, now=now)
    return made


@pytest.fixture
def code(row) -> CancelCode:
    return row.cancel_codes.get()


def page(code: CancelCode, **more):
    return Client().get(reverse("self_cancel", args=[code.token]), more)


def press(code: CancelCode, button: str = "only_cancel", client: Client | None = None):
    client = client or Client(enforce_csrf_checks=True)
    return client.post(reverse("self_cancel", args=[code.token]), {button: "1"})


def outcome(row: Appointment) -> str:
    row.refresh_from_db()
    return row.outcome


def reply(text: str, *, number: str = "+31612345678", **more) -> None:
    answer = Client().post(TEXTS, json.dumps(text_from(number, text, **more)), content_type="application/json",
                           HTTP_AUTHORIZATION=f"Bearer {TOKEN}")  # fmt: skip
    assert answer.status_code == 204


class TestTheMessage:
    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("nl", "Gemeente Rotterdam: we zien u donderdag 12 november om 14.00 uur bij Vraagwijzer Feijenoord. "
                   "Lukt dat niet? Antwoord NEE {code} of bel 14 010."),
            ("en", "City of Rotterdam: see you on Thursday 12 November at 14:00 at Vraagwijzer Feijenoord. "
                   "Can't make it? Reply NO {code} or call 14 010."),
        ],
    )  # fmt: skip
    def test_the_reminder_has_the_code_and_fits_in_one(self, row, code, language, text):
        message = Message.objects.get(kind="t2")
        message.channel = "sms"
        fill(message, preferred=language, on=dt.date(2026, 11, 10))
        assert message.text == text.format(code=code.code)
        assert len(message.text) <= 160

    def test_the_other_messages_are_as_they_were(self, row):
        for kind in ("confirmation", "t0"):
            message = Message.objects.get(kind=kind)
            message.channel = "sms"
            fill(message, preferred="nl", on=dt.date(2026, 11, 10))
            assert row.cancel_codes.get().code not in message.text

    def test_an_e_mail_has_the_address(self, row, code):
        message = Message.objects.get(kind="t2")
        message.channel = "email"
        fill(message, preferred="nl", on=dt.date(2026, 11, 10))
        groups = "-".join(re.findall("....", code.token))
        assert message.text.endswith(f"Of zeg zelf af:\n{ADDRESS}/a/{groups}/")

    def test_without_an_address_of_its_own_etf_writes_none(self, row, settings):
        settings.ETF_ADDRESS = ""
        message = Message.objects.get(kind="t2")
        message.facts |= {"link": row.cancel_codes.get().address}
        message.channel = "email"
        fill(message, preferred="nl", on=dt.date(2026, 11, 10))
        assert message.text.endswith("dan zoeken we een andere tijd.")

    def test_off_means_no_code(self, now, feijenoord, samira):
        made = make.appointment(household=make.household(), counsellor=samira, start=START, booked_at=now)
        plan_messages(made, moved=False, now=now)
        assert not CancelCode.objects.exists()
        assert "code" not in Message.objects.get(kind="t2").facts

    def test_a_talk_by_telephone_has_none(self, now, open_place, samira):
        phone = make.appointment_type(channel="phone")
        made = make.appointment(household=make.household(), counsellor=samira, start=START, type=phone, booked_at=now)
        plan_messages(made, moved=False, now=now)
        assert not CancelCode.objects.exists()

    def test_planning_again_makes_no_second_code(self, row, code, now):
        plan_messages(row, moved=False, now=now)
        assert row.cancel_codes.get() == code

    def test_a_colleague_cannot_choose_what_residents_do(self):
        assert {key for key, _name in TOLD_TO_US} == set(ToldHow.values) - {"reply", "link"}

    @pytest.mark.parametrize("form", ["sms", "mail"])
    def test_a_text_to_cancel_without_code_or_address_is_refused(self, form):
        from casework.messaging.checks import check

        text = MessageText(
            kind="t2_self", form=form, language="nl", text="Tot {day}.", subject="Afspraak" if form == "mail" else ""
        )
        assert [where for where, _why in check(text).refused] == ["text"]
        text.text += " {code}"
        assert not check(text).refused
        text.kind = "t2"
        assert [why for _where, why in check(text).refused] == ["{code} kan hier niet worden ingevuld."]


class TestThePage:
    def test_day_time_place_and_nothing_else(self, row, code):
        answer = page(code)
        text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))
        assert "donderdag 12 november" in text
        assert "14.00" in text
        assert "Vraagwijzer Feijenoord, Voorbeeldstraat" in text
        for hidden in ("Fatou", "Ndiaye", row.household.case_number, "Samira", "ETF", str(row.type)):
            assert hidden not in answer.content.decode().replace("etf.css", "")
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Robots-Tag"] == "noindex"
        assert not answer.cookies

    def test_in_the_language_of_the_household_or_the_one_asked_for(self, row, code):
        assert "Only cancel" in page(code, taal="en").content.decode()
        row.household.language = "en"
        row.household.save()
        assert "Only cancel" in page(code).content.decode()
        assert "Zeg alleen af" in page(code, taal="nl").content.decode()
        assert "Only cancel" not in page(code, taal="xx").content.decode()

    def test_looking_changes_nothing(self, row, code):
        Client().head(reverse("self_cancel", args=[code.token]))
        page(code)
        assert outcome(row) == ""
        assert not AuditEntry.objects.filter(action="cancel").exists()

    def test_it_is_found_as_it_is_typed_from_paper(self, row, code):
        typed = "-".join(re.findall("....", code.token.lower()))
        assert Client().get(f"/a/{typed}/").status_code == 200

    @pytest.mark.parametrize("typed", ["AAAA-BBBB-CCCC", "x", "\x00", "9" * 400, "é", "%2e%2e"])
    def test_an_unknown_address_gives_one_page(self, row, typed, client):
        answer = client.get(reverse("self_cancel", args=[typed]))
        assert answer.status_code == 404
        assert "werkt niet meer" in answer.content.decode()
        assert client.post(reverse("self_cancel", args=[typed])).status_code == 404

    def test_cancelling_in_time(self, row, code, now):
        """Recorded by nobody of ours, what was planned is withdrawn at once, and the resident hears it (R-16, R-37)."""
        Message.objects.filter(kind="confirmation").update(state="sent", sent_at=now)
        answer = press(code)
        assert answer.status_code == 302
        assert outcome(row) == "A1"
        assert (row.told_how, row.told_at, row.recorded_at, row.recorded_by) == ("link", now, now, None)
        states = dict(Message.objects.values_list("kind", "state"))
        assert states == {"confirmation": "sent", "t2": "withdrawn", "t0": "withdrawn", "cancelled": "planned"}
        entry = AuditEntry.objects.get(action="cancel")
        assert (entry.username, entry.details["outcome"]) == ("system", "A1")
        assert not Task.objects.exists()
        assert "Uw afspraak is afgezegd" in Client().get(answer["Location"]).content.decode()

    def test_within_a_day_it_is_late_and_still_better_than_nothing(self, row, code, time_machine):
        time_machine.move_to(make.moment("2026-11-12 13:59"), tick=False)
        press(code)
        assert outcome(row) == "A2"

    def test_who_wants_to_be_called_is_on_the_list_of_the_desk(self, row, code, browse, joris):
        press(code, "call_back")
        task = Task.objects.get()
        assert (task.kind, task.role, task.due_on, task.household) == (
            "call_back",
            "desk",
            dt.date(2026, 11, 2),
            row.household,
        )
        answer = browse(joris).get(reverse("tasks"))
        assert "Bel terug voor een nieuwe afspraak" in answer.content.decode()

    def test_pressing_twice_is_as_good_as_once(self, row, code):
        press(code, "call_back")
        assert press(code, "call_back").status_code == 302
        assert Task.objects.count() == 1
        assert AuditEntry.objects.filter(action="cancel").count() == 1

    def test_after_the_start_the_page_has_ended(self, row, code, time_machine):
        time_machine.move_to(make.moment(START), tick=False)
        assert page(code).status_code == 404
        assert press(code).status_code == 404
        assert outcome(row) == ""

    def test_after_moving_the_old_address_has_ended_and_there_is_a_new_one(self, row, code, samira, now):
        later = make.moment("2026-11-13 14:00")
        made = actions.move(appointment=row, counsellor=samira, location=row.location, start=later, told_at=now,
                            by=samira.user, now=now)  # fmt: skip
        assert page(code).status_code == 404
        assert press(code).status_code == 404
        assert outcome(made) == ""
        assert made.cancel_codes.get().token != code.token
        assert Message.objects.get(kind="t2", appointment_key=made.pk).facts["code"] == made.cancel_codes.get().code

    def test_taken_back_by_a_colleague_it_does_not_say_cancelled(self, row, code):
        press(code)
        row.refresh_from_db()
        Appointment.objects.filter(pk=row.pk).update(outcome="V", recorded_by=row.booked_by, told_at=None, told_how="")
        assert page(code).status_code == 404

    def test_the_household_page_says_who_did_it(self, row, code, browse, samira):
        press(code)
        text = browse(samira.user).get(reverse("household", args=[row.household.case_number])).content.decode()
        assert "de inwoner: Op de pagina om af te zeggen" in re.sub(r"\s+", " ", text)

    @pytest.mark.parametrize("role", [Role.DESK, Role.ADMIN, Role.PARTNER])
    def test_who_is_logged_in_sees_the_same(self, row, code, browse, role):
        answer = browse(make.user(role)).get(reverse("self_cancel", args=[code.token]))
        assert "etf-menu" not in answer.content.decode()

    def test_the_address_stays_out_of_the_log(self, row, code, caplog):
        from casework.core.access import QuietRequestMiddleware

        request = Client().get(f"/a/{code.token}/").wsgi_request
        assert QuietRequestMiddleware.format_request(request) == "GET /a/…"

    def test_a_fixed_number_of_queries(self, row, code, django_assert_num_queries):
        with django_assert_num_queries(1):
            page(code)


class TestTheReply:
    @pytest.mark.parametrize("words", ["NEE {0}", "nee {0}", "{0}", " Nee, {0}! ", "NO {0}", "no\n{0}."])
    def test_only_the_code_cancels(self, row, code, words):
        reply(words.format(code.code))
        assert outcome(row) == "A1"
        assert (row.told_how, row.told_at) == ("reply", make.moment("2026-11-02 08:59"))
        # The desk reads it all the same.
        assert Task.objects.get().kind == "reply"

    @pytest.mark.parametrize(
        "words", ["Ik kom wel, {0} klopt", "NEE", "nee {0} kan het later?", "ja {0}", "1{0}", "{0} {0}", "STOP"]
    )
    def test_whoever_writes_more_is_read_by_a_person(self, row, code, words):
        reply(words.format(code.code))
        assert outcome(row) == ""
        assert Task.objects.get().kind == "reply"

    def test_another_number_does_nothing(self, row, code):
        make.household(mobile="+31687654321", location=row.location)
        reply(f"NEE {code.code}", number="+31687654321")
        reply(f"NEE {code.code}", number="+31600000000")
        assert outcome(row) == ""

    def test_a_wrong_code_does_nothing(self, row, code):
        reply(f"NEE {(int(code.code) + 1) % 10000:04}")
        assert outcome(row) == ""

    def test_the_same_code_of_two_appointments_is_for_a_person(self, row, code, samira, now):
        other = make.appointment(household=make.household(), counsellor=samira, start="2026-11-13 14:00", booked_at=now)
        CancelCode.objects.create(
            appointment=other, starts_at=other.starts_at, token="K7QM2XW9PT4H", code=code.code, made_at=now
        )
        reply(f"NEE {code.code}")
        assert (outcome(row), outcome(other)) == ("", "")
        assert Task.objects.count() == 2

    def test_a_reply_that_came_after_the_start_does_nothing(self, row, code, time_machine):
        time_machine.move_to(make.moment("2026-11-12 15:00"), tick=False)
        reply(f"NEE {code.code}", date_received="2026-11-12T13:30:00.000000Z")
        assert outcome(row) == ""

    def test_sent_before_the_start_and_handed_over_later_counts(self, row, code, time_machine):
        time_machine.move_to(make.moment("2026-11-12 15:00"), tick=False)
        reply(f"NEE {code.code}", date_received="2026-11-12T12:30:00.000000Z")
        assert outcome(row) == "A2"
        assert not Message.objects.filter(kind="cancelled").exists()

    def test_it_may_come_in_twice(self, row, code):
        for _time in range(2):
            reply(f"NEE {code.code}", id="0b9f1e4e-2f0e-4a0c-8c9e-000000000001")
        assert outcome(row) == "A1"
        assert Task.objects.count() == 1
        assert AuditEntry.objects.filter(action="cancel").count() == 1

    @pytest.mark.parametrize("text", ["４８２１", "48 21", "48211", "NEE4821x", "", "\x00"])
    def test_what_is_no_code(self, text):
        assert code_in(text) == ""


class TestWhatTheDatabaseKeeps:
    def test_one_code_per_appointment_and_start(self, row, code, now):
        with pytest.raises(IntegrityError, match="cancel_code_once"), transaction.atomic():
            CancelCode.objects.create(
                appointment=row, starts_at=row.starts_at, token="K7QM2XW9PT4H", code="1234", made_at=now
            )

    @pytest.mark.parametrize("wrong", [{"token": "O0I1K7QM2XW9"}, {"token": "SHORT"}, {"code": "12a4"}])
    def test_only_its_own_alphabet(self, row, code, wrong):
        with pytest.raises(IntegrityError, match="alphabet"), transaction.atomic():
            CancelCode.objects.filter(pk=code.pk).update(**wrong)

    @pytest.mark.parametrize("how", ["phone", ""])
    def test_nobody_recorded_it_only_where_the_resident_did(self, row, now, how):
        with pytest.raises(IntegrityError, match="who_and_when"), transaction.atomic():
            Appointment.objects.filter(pk=row.pk).update(outcome="A1", told_at=now, told_how=how, recorded_at=now)

    @pytest.mark.parametrize("what", ["V", "N", "E"])
    def test_and_never_another_outcome(self, row, now, what):
        with pytest.raises(IntegrityError, match="who_and_when"), transaction.atomic():
            Appointment.objects.filter(pk=row.pk).update(outcome=what, told_how="link", recorded_at=now)


@pytest.mark.django_db(transaction=True)
def test_two_telephones_at_once_cancel_once(row, code):
    assert press_at_once(code) == [302, 302]
    assert Task.objects.count() == 1
    assert AuditEntry.objects.filter(action="cancel").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_locks_two_telephones_cancel_twice(row, code, monkeypatch):
    """The negative control: both looked before either wrote."""
    both_looked, end = threading.Barrier(2), self_cancel.end_cancelled

    def end_together(*args, **kwargs):
        both_looked.wait(timeout=10)
        return end(*args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **how: rows.all())
    monkeypatch.setattr(self_cancel, "end_cancelled", end_together)
    press_at_once(code)
    assert Task.objects.count() == 2


def press_at_once(code: CancelCode) -> list[int]:
    start, answers = threading.Barrier(2), []

    def one():
        try:
            start.wait()
            answers.append(press(code, "call_back").status_code)
        finally:
            connection.close()

    both = [threading.Thread(target=one) for _number in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    return answers


def test_booking_at_such_a_place_costs_no_more_than_its_code(now, feijenoord, samira, joris):
    """One look for a code that stands, one to make it, and the savepoint around that."""
    kind, numbers = make.appointment_type(), []
    for start, allowed in (("2026-11-12 09:00", False), ("2026-11-12 11:00", False), ("2026-11-12 14:00", True)):
        Location.objects.filter(pk=feijenoord.pk).update(self_cancel=allowed)
        home, place = make.household(location=feijenoord), Location.objects.get(pk=feijenoord.pk)
        with CaptureQueriesContext(connection) as asked:
            book(
                household=home,
                counsellor=samira,
                location=place,
                kind=kind,
                start=make.moment(start),
                by=joris,
                now=now,
            )
        numbers.append(len(asked))
    assert numbers[2] - numbers[1] == 4
    assert CancelCode.objects.count() == 1
