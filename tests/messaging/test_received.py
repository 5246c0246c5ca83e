"""What residents send back: once, with a task for the desk of their location, and for nobody else (messages.md 4.1)."""

import datetime as dt
import html
import json
import re
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from casework.core import clock
from casework.core.models import AuditEntry, Role
from casework.core.retention import RETENTION
from casework.households.actions import settle_task
from casework.households.models import Household, Task, TaskState
from casework.messaging import actions
from casework.messaging.channels import Received
from casework.messaging.models import Message, ReceivedText
from casework.privacy.reads.inspection import everything_about
from casework.retention.actions import forget_texts
from casework.retention.models import MESSAGES, Destruction, terms_on
from tests import make
from tests.messaging.notify_simulator import TEXTS, TOKEN, text_from

MOBILE = "+31612345678"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def notify(settings):
    settings.ETF_NOTIFY = {"callback_token": TOKEN}


@pytest.fixture
def come_in(client):
    """A text message comes in as from NotifyNL; its rows."""

    def do(text="Ik kom later", *, number=MOBILE, status=204, **more) -> list[ReceivedText]:
        said = text_from(number, text, **more)
        answer = client.post(TEXTS, json.dumps(said), content_type="application/json",
                             HTTP_AUTHORIZATION=f"Bearer {TOKEN}")  # fmt: skip
        assert answer.status_code == status
        return list(ReceivedText.objects.filter(noted_at=clock.now()).order_by("pk"))

    return do


@pytest.fixture
def fatou(now, feijenoord) -> Household:
    return make.household(given="Fatou", surname="Ndiaye", location=feijenoord)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())))


class TestComingIn:
    def test_it_is_kept_with_a_task_for_the_desk(self, come_in, fatou, now):
        (row,) = come_in()
        assert (row.household, row.sender, row.text) == (fatou, MOBILE, "Ik kom later")
        assert row.received_at == make.moment("2026-11-02 08:59")
        task = row.task
        assert (task.household, task.kind, task.role, task.due_on) == (fatou, "reply", "desk", dt.date(2026, 11, 2))
        # What she wrote goes sooner than a task does.
        assert "later" not in task.text

    def test_on_a_day_off_it_waits_for_the_next_working_day(self, now, feijenoord, db):
        make.household(location=feijenoord)
        sunday = make.moment("2026-11-08 12:00")
        said = Received(provider_id=make_id(), sender=MOBILE, text="Ja", received_at=sunday)
        (row,) = actions.note_received(received=said, now=sunday)
        assert row.task.due_on == dt.date(2026, 11, 9)

    @pytest.mark.parametrize("number", ["31612345678", "+31612345678", "0612345678", "+31 6 12345678"])
    def test_however_the_number_is_written(self, number, come_in, fatou):
        assert come_in(source_number=number)[0].household == fatou

    def test_twice_is_once(self, come_in, fatou):
        for _time in range(3):
            come_in(id="6f5c1f0a-5d0f-4a52-8f57-4d6ad7d7c1f1")
        assert (ReceivedText.objects.count(), Task.objects.count()) == (1, 1)

    def test_a_shared_number_gives_each_household_its_own(self, come_in, fatou, feijenoord):
        other = make.household(location=feijenoord)
        for _time in range(2):
            rows = come_in(id="6f5c1f0a-5d0f-4a52-8f57-4d6ad7d7c1f1")
        assert [(row.household, row.copy, row.text) for row in rows] == [
            (fatou, 0, "Ik kom later"), (other, 1, "Ik kom later"),
        ]  # fmt: skip
        assert Task.objects.count() == 2

    @pytest.mark.parametrize("number", ["+31687654321", "+447700900123", "Bank", "1010"])
    def test_of_an_unknown_number_nothing_is_lost(self, number, come_in, fatou):
        (row,) = come_in(number=number)
        assert (row.household, row.task, row.sender, row.text) == (
            None,
            None,
            number if number != "1010" else row.sender,
            "Ik kom later",
        )
        assert list(ReceivedText.objects.from_strangers()) == [row]

    def test_of_a_closed_household_it_is_of_nobody_we_know(self, come_in, fatou, now):
        Household.objects.update(closed_on=now.date(), exit_reason="Afgerond")
        assert come_in()[0].household is None

    @pytest.mark.parametrize("text", ["STOP", "stop", " Stop.", "Afmelden", "UITSCHRIJVEN aub"])
    def test_stop_is_for_the_desk_to_decide(self, text, come_in, fatou, browse, joris):
        (row,) = come_in(text)
        fatou.refresh_from_db()
        assert fatou.wants_messages
        assert "Misschien wil deze inwoner geen berichten meer" in text_of(
            browse(joris).get(f"/berichten/ontvangen/{row.pk}/")
        )

    @pytest.mark.parametrize("text", ["Stopcontact kapot", "Ik kom, stop", "", "Ja 👍 <b>tot dan</b>\x00\ud800"])
    def test_any_other_text_is_shown_as_it_is(self, text, come_in, fatou, browse, joris):
        (row,) = come_in(text)
        answer = browse(joris).get(f"/berichten/ontvangen/{row.pk}/")
        assert "Misschien wil deze inwoner" not in text_of(answer)
        assert "<b>tot dan" not in answer.content.decode()

    @pytest.mark.parametrize("change", [
        {"id": "x"}, {"id": None}, {"source_number": None}, {"message": None}, {"message": ["x"]}, {"date_received": "x"},
        {"date_received": 1}, {"date_received": "0001-01-01T00:00:00+14:00"}, {"source_number": {}},
    ])  # fmt: skip
    def test_what_lacks_something_is_400_and_nothing_is_kept(self, change, come_in, fatou):
        come_in(status=400, **change)
        assert not ReceivedText.objects.exists()

    def test_a_date_to_come_is_now(self, come_in, fatou, now):
        assert come_in(date_received="2036-01-01T00:00:00Z")[0].received_at == now

    def test_a_very_long_sender_is_cut(self, come_in, db, now):
        assert len(come_in(source_number="Z" * 500)[0].sender) == 254


def make_id():
    return ReceivedText._meta.get_field("provider_id").to_python("6f5c1f0a-5d0f-4a52-8f57-4d6ad7d7c1f1")


class TestTheDatabase:
    def test_the_same_text_of_the_same_provider_is_there_once(self, come_in, fatou):
        (row,) = come_in()
        with pytest.raises(IntegrityError), transaction.atomic():
            ReceivedText.objects.create(provider_id=row.provider_id, received_at=row.received_at, noted_at=row.noted_at)

    def test_of_a_household_its_task_says_whether_it_is_handled(self, come_in, fatou, joris, now):
        (row,) = come_in()
        for values in ({"task": None}, {"settled_at": now, "settled_by": joris}, {"household": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ReceivedText.objects.filter(pk=row.pk).update(**values)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_text_at_the_same_moment_is_stored_once(fatou, now):
    said = Received(provider_id=make_id(), sender=MOBILE, text="Ja", received_at=now)
    start, found = threading.Barrier(6), []

    def one():
        start.wait()
        try:
            found.append([row.pk for row in actions.note_received(received=said, now=now)])
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 6
    assert len({tuple(keys) for keys in found}) == 1
    assert (ReceivedText.objects.count(), Task.objects.count()) == (1, 1)


class TestTheDesk:
    def test_the_desk_of_the_location_sees_the_task_and_reads_the_text(self, come_in, fatou, browse, joris):
        (row,) = come_in()
        client = browse(joris)
        assert f'href="/taken/{row.task_id}/antwoord/"' in client.get("/").content.decode()
        assert f'href="/taken/{row.task_id}/antwoord/"' in client.get("/taken/").content.decode()
        answer = client.get(f"/taken/{row.task_id}/antwoord/", follow=True)
        assert answer.redirect_chain == [(f"/berichten/ontvangen/{row.pk}/", 302)]
        assert "Ik kom later" in text_of(answer)
        assert AuditEntry.objects.filter(action="view_received", object_key=f"household:{fatou.pk}").count() == 1

    def test_another_desk_has_it_only_among_all_that_it_may_see(self, come_in, fatou, browse):
        come_in()
        other = browse(make.user(Role.DESK, location=make.location()))
        assert "Fatou Ndiaye" not in text_of(other.get("/taken/"))
        assert "Fatou Ndiaye" in text_of(other.get("/taken/?whose=all"))

    def test_a_desk_without_a_location_and_a_household_without_one(self, come_in, now, db, browse):
        make.household(surname="Zonder")
        come_in()
        for place in (None, make.location()):
            assert "Zonder" in text_of(browse(make.user(Role.DESK, location=place)).get("/taken/"))

    def test_the_list_of_tasks_shows_no_text(self, come_in, fatou, browse, joris):
        come_in("Het geheim")
        for page in ("/", "/taken/", "/bellijst/", f"/huishoudens/{fatou.case_number}/"):
            assert "geheim" not in browse(joris).get(page).content.decode(), page

    def test_a_foreign_counsellor_says_why_first(self, come_in, fatou, browse, samira):
        (row,) = come_in()
        answer = browse(samira.user).get(f"/berichten/ontvangen/{row.pk}/")
        assert "/reden/" in answer["Location"]

    def test_what_it_may_be_an_answer_to(self, come_in, fatou, browse, joris, now):
        Message.objects.create(
            household=fatou, appointment_key=1, kind="t2", state="sent", channel="sms", due_at=now - DAY, sent_at=now - DAY,
            created_at=now - DAY, planned_start=now + DAY, expires_at=now,
        )  # fmt: skip
        (row,) = come_in()
        shown = text_of(browse(joris).get(f"/berichten/ontvangen/{row.pk}/"))
        assert "Herinnering vooraf , zo 1 nov 09.00" in shown

    def test_ending_the_task_is_handling_it(self, come_in, fatou, browse, joris, now):
        (row,) = come_in()
        client = browse(joris)
        answer = client.post(f"/taken/{row.task_id}/afronden/", {"state": "done"})
        assert answer.status_code == 302
        assert "Joris de Wit" in text_of(client.get(f"/berichten/ontvangen/{row.pk}/"))
        assert "Antwoord afgehandeld" not in text_of(client.get(f"/berichten/ontvangen/{row.pk}/"))

    def test_the_household_page_names_it(self, come_in, fatou, browse, joris):
        (row,) = come_in()
        assert (
            f"/berichten/ontvangen/{row.pk}/"
            in browse(joris).get(f"/huishoudens/{fatou.case_number}/").content.decode()
        )


class TestStrangers:
    def test_they_stand_on_the_call_list_until_somebody_handled_them(self, come_in, browse, joris, now, db):
        (row,) = come_in(number="+31687654321")
        client = browse(joris)
        page = client.get("/bellijst/")
        assert page.content.decode().count('data-test="stranger"') == 1
        assert "1 antwoord, oudste eerst" in text_of(page)
        assert "Ik kom later" not in text_of(page)
        assert "Ik kom later" in text_of(client.get(f"/berichten/ontvangen/{row.pk}/"))
        assert AuditEntry.objects.get(action="view_received").object_key == f"receivedtext:{row.pk}"
        for _time in range(2):
            done = client.post(f"/berichten/ontvangen/{row.pk}/afgehandeld/", follow=True)
            assert "Het antwoord is afgehandeld." in text_of(done)
        row.refresh_from_db()
        assert (row.settled_at, row.settled_by) == (now, joris)
        assert AuditEntry.objects.filter(action="settle_received").count() == 1
        assert 'data-test="stranger"' not in client.get("/bellijst/").content.decode()

    def test_without_any_there_is_no_empty_block(self, browse, joris, now):
        assert "onbekend nummer" not in text_of(browse(joris).get("/bellijst/"))

    def test_of_a_household_it_is_not_handled_so(self, come_in, fatou, browse, joris):
        (row,) = come_in()
        done = browse(joris).post(f"/berichten/ontvangen/{row.pk}/afgehandeld/", follow=True)
        assert "Rond de taak van dit huishouden af." in text_of(done)
        row.refresh_from_db()
        assert row.settled_at is None

    def test_the_same_queries_however_many(self, come_in, browse, joris, django_assert_num_queries, db, now):
        client = browse(joris)
        for number in range(3):
            come_in(number=f"+3168765432{number}")
            if number in {0, 2}:
                with django_assert_num_queries(14):
                    client.get(reverse("call_list"))


class TestRetention:
    def test_thirteen_months_and_no_longer(self, come_in, fatou, now):
        (row,) = come_in()
        (stranger,) = come_in(number="+31687654321")[1:]
        months = terms_on(now.date())[MESSAGES]
        last = dt.date(2026 + (10 + months) // 12, (10 + months) % 12 + 1, 2)
        assert forget_texts(now=now, today=last) == 0
        assert forget_texts(now=now, today=last + DAY) == 2
        assert forget_texts(now=now, today=last + DAY) == 0
        for one in (row, stranger):
            one.refresh_from_db()
            assert (one.text, one.sender, one.provider_id) == ("", "", None)
        assert Destruction.objects.get().rows == {"casework.receivedtext": 2}

    def test_a_legal_hold_keeps_it(self, come_in, fatou, now):
        come_in()
        Household.objects.update(legal_hold=True)
        assert forget_texts(now=now, today=dt.date(2036, 1, 1)) == 0

    def test_the_page_says_that_it_is_gone(self, come_in, fatou, now, browse, joris):
        (row,) = come_in()
        forget_texts(now=now, today=dt.date(2036, 1, 1))
        assert "De tekst is weg" in text_of(browse(joris).get(f"/berichten/ontvangen/{row.pk}/"))

    def test_who_asks_for_the_own_data_gets_it_too(self, come_in, fatou):
        come_in()
        section = next(one for one in everything_about(fatou, asker=None) if one["model"] == "receivedtext")
        assert "Ik kom later" in str(section["rows"])
        assert RETENTION["casework.receivedtext"].personal == {"provider_id", "sender", "text"}


def test_a_task_that_is_ended_takes_nothing_away(come_in, fatou, joris, now):
    (row,) = come_in()
    settle_task(task=row.task, state=TaskState.DROPPED, by=joris, now=now)
    row.refresh_from_db()
    assert row.text == "Ik kom later"
