"""What NotifyNL tells afterwards: who may tell it, what it means, and that nothing counts twice (R-42, R-43)."""

import datetime as dt
import itertools
import json
import logging

import pytest
from django.db import IntegrityError, transaction

from casework.appointments import actions as appointments
from casework.core.models import AuditEntry
from casework.households.actions import change_contact
from casework.households.models import Household
from casework.messaging import actions, channels
from casework.messaging.actions import sending
from casework.messaging.models import DELIVERY_MOVES, Delivery, Message, MessageState
from etf import environment
from tests import make
from tests.messaging.notify_simulator import KEY, RECEIPTS, TEXTS, TOKEN, Simulator, call_back, receipt, text_from

MINUTE = dt.timedelta(minutes=1)
MOBILE = "+31612345678"
SETTINGS = {"url": "", "service": "", "secret": "x" * 36, "callback_token": TOKEN, "templates": {"sms": "t"}}


@pytest.fixture(autouse=True)
def notify(settings):
    settings.ETF_NOTIFY = SETTINGS


@pytest.fixture
def sent(now, feijenoord):
    """Makes a message that was sent just now, or stands otherwise."""

    def do(*, state="sent", household=None, kind="t2", **fields) -> Message:
        person = household or make.household(location=feijenoord)
        wanted = {
            "due_at": now, "expires_at": now + dt.timedelta(hours=6), "handed_over_at": now, "channel": "sms",
            "sent_at": now if state == "sent" else None, "recipient": MOBILE, "appointment_key": 1, "text": "Kom gewoon.",
        }  # fmt: skip
        return Message.objects.create(household=person, kind=kind, state=state, created_at=now,
                                      planned_start=now + dt.timedelta(days=1), **wanted | fields)  # fmt: skip

    return do


@pytest.fixture
def tell(client):
    """Posts as NotifyNL does; the status of the answer."""

    def do(said, *, path=RECEIPTS, token=TOKEN, kind="application/json", **headers) -> int:
        body = said if isinstance(said, str | bytes) else json.dumps(said)
        given = {"HTTP_AUTHORIZATION": f"Bearer {token}"} | headers
        answer = client.post(path, body, content_type=kind, **given)
        if answer.status_code >= 400:
            assert answer.content == b""
        return answer.status_code

    return do


def now_of(row: Message) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.delivery


class TestTheDoor:
    @pytest.mark.parametrize("path", [RECEIPTS, TEXTS])
    @pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "é" * 31, "\x00"])
    def test_without_the_token_nothing_happens_and_nothing_is_said(self, path, token, sent, tell):
        row = sent()
        assert tell(receipt(str(row.pk)), path=path, token=token) == 403
        assert now_of(row) == ("sent", "")

    @pytest.mark.parametrize("header", ["", TOKEN, f"Basic {TOKEN}", "Bearer"])
    def test_another_way_of_showing_it_does_not_count(self, header, sent, tell):
        assert tell(receipt(str(sent().pk)), HTTP_AUTHORIZATION=header) == 403

    def test_where_no_token_is_set_nobody_comes_in(self, settings, sent, tell):
        for known in (SETTINGS | {"callback_token": ""}, None):
            settings.ETF_NOTIFY = known
            assert tell(receipt(str(sent(appointment_key=id(known)).pk)), token="") == 403

    def test_a_short_token_stops_the_start(self, monkeypatch):
        through = {"sms": environment.NOTIFY}
        for name, value in {"KEY": KEY, "TEMPLATE_SMS": "t", "CALLBACK_TOKEN": "short"}.items():
            monkeypatch.setenv(f"ETF_NOTIFY_{name}", value)
        with pytest.raises(environment.ImproperlyConfigured, match="ETF_NOTIFY_CALLBACK_TOKEN"):
            environment.notify("ETF_NOTIFY", through, https_only=True)
        monkeypatch.setenv("ETF_NOTIFY_CALLBACK_TOKEN", TOKEN)
        assert environment.notify("ETF_NOTIFY", through, https_only=True)["callback_token"] == TOKEN

    @pytest.mark.parametrize("path", [RECEIPTS, TEXTS])
    def test_it_only_takes_what_is_posted(self, path, client, db):
        assert client.get(path).status_code == 405

    @pytest.mark.parametrize(
        "body",
        ["", "{", "[]", "null", "1", '"x"', "{}", b"\xff\xfe", "[" * 30_000, '{"a":' * 9_000, "1" * 5_000, "NaN",
         " " * 70_000],
    )  # fmt: skip
    @pytest.mark.parametrize("path", [RECEIPTS, TEXTS])
    def test_what_is_no_message_is_400(self, body, path, tell, db):
        assert tell(body, path=path) == 400

    @pytest.mark.parametrize("change", [
        {"status": "bogus"}, {"status": None}, {"status": ["delivered"]}, {"id": None}, {"id": "x"}, {"id": 7},
        {"reference": 7}, {"reference": {}},
    ])  # fmt: skip
    def test_a_receipt_that_lacks_something_is_400(self, change, sent, tell):
        row = sent()
        assert tell(receipt(str(row.pk)) | change) == 400
        assert now_of(row) == ("sent", "")

    def test_a_text_at_the_door_of_receipts_is_400_and_the_other_way_round(self, sent, tell):
        assert tell(text_from(MOBILE, "Ja")) == 400
        assert tell(receipt(str(sent().pk)), path=TEXTS) == 400

    def test_only_json(self, sent, tell):
        said = receipt(str(sent().pk))
        assert tell(said, kind="text/plain") == 400
        assert tell(said, kind="application/json; charset=utf-8") == 204

    @pytest.mark.parametrize("reference", [None, "", "another-program", "00000000-0000-4000-8000-000000000000"])
    def test_a_message_of_somebody_else_is_taken_and_leaves_nothing(self, reference, tell, db):
        assert tell(receipt(reference)) == 204
        assert not Message.objects.exists()

    def test_a_channel_that_never_calls_back_lets_nobody_in(self, rf):
        with pytest.raises(channels.NotTheProvider):
            channels.EmailChannel().parse_webhook(rf.post("/"))


class TestWhatItMeans:
    def test_delivered(self, sent, tell, now):
        row = sent()
        assert tell(receipt(str(row.pk))) == 204
        assert now_of(row) == ("sent", "delivered")
        assert (row.delivery_at, row.sent_at) == (now, now)

    def test_a_number_that_does_not_exist(self, sent, tell, now):
        row = sent()
        assert tell(receipt(str(row.pk), "permanent-failure")) == 204
        assert now_of(row) == ("failed", "permanent")
        assert row.sent_at is None
        assert list(Message.objects.to_call()) == [row]
        assert row.household.mobile_is_dead

    @pytest.mark.parametrize("status", ["temporary-failure", "technical-failure"])
    def test_not_delivered_is_for_a_person_while_it_is_of_use_and_the_number_is_not_to_blame(self, status, sent, tell):
        row = sent()
        tell(receipt(str(row.pk), status))
        assert now_of(row) == ("failed", "temporary")
        assert not row.household.mobile_is_dead

    def test_not_delivered_after_the_appointment_is_only_noted(self, sent, tell, now):
        row = sent(expires_at=now, due_at=now - MINUTE)
        Message.objects.update(expires_at=now - MINUTE)
        tell(receipt(str(row.pk), "temporary-failure"))
        assert now_of(row) == ("sent", "temporary")

    def test_delivered_after_all_goes_off_the_call_list(self, sent, tell, now):
        row = sent()
        tell(receipt(str(row.pk), "temporary-failure"))
        tell(receipt(str(row.pk), "delivered"))
        assert now_of(row) == ("sent", "delivered")
        assert row.sent_at == now
        assert not Message.objects.to_call().exists()

    def test_whom_a_colleague_called_stays_called(self, sent, tell, joris, now):
        row = sent()
        tell(receipt(str(row.pk), "temporary-failure"))
        actions.settle_call(message=row, result="spoken", by=joris, now=now)
        tell(receipt(str(row.pk), "delivered"))
        assert now_of(row) == ("called", "delivered")

    def test_an_e_mail_address_that_does_not_exist_flags_no_number(self, sent, tell):
        row = sent(channel="email", recipient="fatou@example.org")
        tell(receipt(str(row.pk), "permanent-failure"))
        assert now_of(row) == ("failed", "permanent")
        assert not row.household.mobile_is_dead

    @pytest.mark.parametrize(
        ("state", "status", "becomes"),
        [("claimed", "delivered", "sent"), ("claimed", "permanent-failure", "failed"),
         ("uncertain", "delivered", "sent"), ("uncertain", "permanent-failure", "failed"),
         # Whoever has it needs it no second time.
         ("planned", "delivered", "sent"), ("planned", "permanent-failure", "planned"),
         ("withdrawn", "delivered", "withdrawn"), ("called", "permanent-failure", "called")],
    )  # fmt: skip
    def test_a_receipt_settles_what_nobody_recorded(self, state, status, becomes, sent, tell, now):
        more = {"claimed_at": now, "claimed_by": "dead"} if state == "claimed" else {}
        row = sent(state=state, reason="moved" if state == "withdrawn" else "", **more)
        tell(receipt(str(row.pk), status))
        assert now_of(row)[0] == becomes

    def test_the_worker_that_comes_late_does_not_undo_it(self, sent, tell, now):
        """The receipt was here before the answer to the sending was recorded."""
        row = sent(state="claimed", claimed_at=now, claimed_by="mine")
        tell(receipt(str(row.pk), "permanent-failure"))
        assert not sending._finish(row, state=MessageState.SENT, sent_at=now)
        assert now_of(row) == ("failed", "permanent")

    def test_the_database_keeps_sent_and_does_not_exist_apart(self, sent):
        row = sent()
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=row.pk).update(delivery="permanent", delivery_at=row.sent_at)
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=row.pk).update(delivery="delivered")


class TestTwiceAndInAnyOrder:
    def test_the_table_names_every_delivery(self):
        assert set(DELIVERY_MOVES) == {"", *Delivery.values}

    def test_twice_is_once(self, sent, tell, now):
        row = sent()
        for _time in range(3):
            assert tell(receipt(str(row.pk), "permanent-failure")) == 204
        assert AuditEntry.objects.filter(action="flag_dead_mobile").count() == 1
        assert now_of(row) == ("failed", "permanent")

    @pytest.mark.parametrize(
        "order", [*itertools.permutations(["delivered", "temporary-failure", "permanent-failure"])]
    )
    def test_the_first_end_stays(self, order, sent, tell):
        row = sent()
        for status in order:
            tell(receipt(str(row.pk), status))
        ends = [status for status in order if status != "temporary-failure"]
        expected = {"delivered": ("sent", "delivered"), "permanent-failure": ("failed", "permanent")}
        assert now_of(row) == expected[ends[0]]


class TestANumberThatDoesNotExist:
    @pytest.fixture
    def flagged(self, sent, tell) -> Household:
        row = sent()
        tell(receipt(str(row.pk), "permanent-failure"))
        return Household.objects.get(pk=row.household_id)

    def booked(self, household, samira, joris, now) -> Message:
        appointments.book(household=household, counsellor=samira, location=samira.location, kind=make.appointment_type(),
                          start=make.moment("2026-11-12 14:00"), by=joris, now=now)  # fmt: skip
        appointments.send_due_messages(now=now)
        return Message.objects.get(kind="confirmation")

    def test_gets_no_text_message_any_more(self, flagged, samira, joris, now):
        assert self.booked(flagged, samira, joris, now).state == "call"

    def test_the_next_way_is_taken(self, flagged, samira, joris, now):
        Household.objects.update(email="fatou@example.org")
        row = self.booked(Household.objects.get(), samira, joris, now)
        assert (row.channel, row.recipient) == ("email", "fatou@example.org")

    def test_another_number_takes_the_flag_away_also_when_the_old_one_comes_back(self, flagged, samira, joris, now):
        row = flagged
        for number in ("+31687654321", MOBILE):
            row = change_contact(household=row, values={"mobile": number}, version=row.version, by=joris, now=now)
            assert not row.mobile_is_dead
        assert self.booked(row, samira, joris, now).channel == "sms"

    def test_what_else_changes_leaves_the_flag(self, flagged, joris, now):
        row = change_contact(household=flagged, values={"mobile": MOBILE, "email": "a@example.org"},
                             version=flagged.version, by=joris, now=now)  # fmt: skip
        assert row.mobile_is_dead

    def test_a_number_that_was_changed_meanwhile_is_not_flagged(self, sent, tell):
        row = sent()
        Household.objects.update(mobile="+31687654321")
        tell(receipt(str(row.pk), "permanent-failure"))
        assert not Household.objects.get().mobile_is_dead
        assert now_of(row)[0] == "failed"

    def test_it_stands_on_the_household_page_and_on_the_call_list(self, flagged, browse, joris):
        Household.objects.update(phone="+31101234567")
        for page in (f"/huishoudens/{flagged.case_number}/", "/bellijst/"):
            content = browse(joris).get(page, follow=True).content.decode()
            assert content.count('data-test="dead-mobile"') == 1, page
            assert "06 12 34 56 78 bestaat niet" in content
        assert 'href="tel:+31101234567"' in content
        assert f'href="tel:{MOBILE}"' not in content

    def test_the_number_stands_in_no_line_of_the_audit_trail(self, flagged):
        assert MOBILE not in str(list(AuditEntry.objects.values()))

    @pytest.mark.parametrize(("trouble", "dead"), [("number", True), (400, False), (403, False)])
    def test_refused_at_once_because_of_the_number(self, trouble, dead, samira, joris, now, settings):
        """At the time of sending too; another refusal is not the number's fault."""
        simulator = Simulator()
        simulator.troubles = [trouble]
        with simulator.serving() as address:
            settings.ETF_CHANNELS = settings.ETF_CHANNELS | {"sms": environment.NOTIFY}
            service, secret = KEY[-73:-37], KEY[-36:]
            settings.ETF_NOTIFY = SETTINGS | {"url": address, "service": service, "secret": secret}
            row = self.booked(make.household(), samira, joris, now)
        assert row.household.mobile_is_dead is dead
        assert row.state == ("planned" if trouble == 403 else "failed")


def test_pages_show_what_became_of_a_message(sent, tell, browse, joris):
    row = sent()
    tell(receipt(str(row.pk), "temporary-failure"))
    for page in ("/berichten/", f"/huishoudens/{row.household.case_number}/", "/bellijst/", f"/berichten/{row.pk}/"):
        assert "Niet aangekomen" in browse(joris).get(page).content.decode(), page


def test_logs_hold_no_number_no_text_and_no_token(sent, tell, caplog):
    caplog.set_level(logging.DEBUG)
    row = sent()
    tell(receipt(str(row.pk), "permanent-failure"))
    tell(receipt(f"{MOBILE} Fatou"))
    tell(text_from(MOBILE, "Het geheim van Fatou"), path=TEXTS)
    tell(text_from(MOBILE, "Het geheim van Fatou"), path=TEXTS, token="guessed-wrong-token")
    assert str(row.pk) in caplog.text
    for secret in (MOBILE, MOBILE[1:], "geheim", "Fatou", "guessed", TOKEN):
        assert secret not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_simulator_calls_back_late_twice_and_with_a_wrong_token(sent, live_server):
    row = sent()
    said = receipt(str(row.pk), "permanent-failure")
    assert call_back(live_server.url, RECEIPTS, said, token="somebody-else-altogether") == [403]
    assert now_of(row) == ("sent", "")
    assert call_back(live_server.url, RECEIPTS, said, times=2, wait=0.1) == [204, 204]
    assert now_of(row) == ("failed", "permanent")
    assert call_back(live_server.url, TEXTS, text_from(MOBILE, "Ja"), times=2) == [204, 204]
    assert row.household.received_texts.count() == 1
