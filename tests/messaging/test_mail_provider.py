"""E-mail by the API of a provider, and what that provider calls back; payloads as Postmark and Mailgun document them (decision 0064)."""

import base64
import datetime as dt
import hashlib
import hmac
import itertools
import json
import uuid

import pytest

from casework.appointments import actions as appointments
from casework.core.models import AuditEntry
from casework.households.actions import change_contact
from casework.households.models import Household, Task
from casework.messaging import actions
from casework.messaging.models import DELIVERY_MOVES, Delivery, Message, MessageState, ReceivedText
from etf import environment
from tests import make
from tests.messaging.answering import Answer, answering
from tests.messaging.test_views import text_of

ADDRESS = "fatou@example.org"
SECRET = "postmark:a-secret-that-is-long-enough"
BEZORGING, ONTVANGEN = "/mail/bezorging/", "/mail/ontvangen/"


def configured(settings, monkeypatch, **given) -> None:
    for name, value in ({"CALLBACK_SECRET": SECRET} | given).items():
        monkeypatch.setenv(f"ETF_EMAIL_{name}", value)
    settings.ETF_MAIL = environment.mail("ETF_EMAIL", https_only=False)
    settings.EMAIL_BACKEND, settings.ANYMAIL = settings.ETF_MAIL["backend"], settings.ETF_MAIL["anymail"]
    settings.DEFAULT_FROM_EMAIL = "Gemeente Rotterdam <afspraken@example.com>"
    settings.ETF_CHANNELS = settings.ETF_CHANNELS | {"email": "casework.messaging.channels.EmailChannel"}


class Provider:
    """Postmark's API on this machine. `answers` are given one by one: a status with content, or `"lost"` and `"shut"`."""

    def __init__(self):
        self.heard: list[tuple[str, dict, bytes]] = []
        self.answers: list = []

    def take(self, _method: str, path: str, headers: dict, body: bytes) -> Answer:
        self.heard.append((path, headers, body))
        answer = self.answers.pop(0) if self.answers else None
        if answer == "lost":
            return None
        key = str(uuid.uuid4())
        return answer or (200, {"To": ADDRESS, "MessageID": key, "ErrorCode": 0, "Message": "OK"})


@pytest.fixture
def postmark(settings, monkeypatch):
    one = Provider()
    with answering(one.take) as address:
        configured(settings, monkeypatch, BACKEND="postmark", SERVER_TOKEN="server-token", API_URL=address)
        yield one


@pytest.fixture
def book(samira, joris, now):
    def one():
        home = make.household(given="Fatou", surname="Ndiaye", mobile="", email=ADDRESS, location=samira.location)
        return appointments.book(household=home, counsellor=samira, location=samira.location,
                                 kind=make.appointment_type(), start=make.moment("2026-11-12 14:00"), by=joris, now=now)  # fmt: skip

    return one


def confirmation() -> Message:
    return Message.objects.get(kind="confirmation")


class TestSending:
    def test_what_the_provider_gets(self, postmark, book, now):
        book()
        assert appointments.send_due_messages(now=now) == 1
        row, ((path, headers, body),) = confirmation(), postmark.heard
        assert (path, headers["X-Postmark-Server-Token"]) == ("/email", "server-token")
        assert json.loads(body) == {
            "From": "Gemeente Rotterdam <afspraken@example.com>", "To": ADDRESS, "Subject": row.subject, "TextBody": row.text,
            "Headers": [
                {"Name": "X-ETF-Reference", "Value": str(row.pk)}, {"Name": "Message-ID", "Value": f"<{row.pk}@example.com>"},
                {"Name": "Auto-Submitted", "Value": "auto-generated"},
            ],
            "Metadata": {"reference": str(row.pk)},
        }  # fmt: skip
        assert row.state == MessageState.SENT
        assert uuid.UUID(row.provider_reference)
        assert b"Ndiaye" not in body

    @pytest.mark.parametrize(
        ("answer", "state", "dead"),
        [
            ((422, {"ErrorCode": 300, "Message": "Invalid 'From' address."}), MessageState.FAILED, False),
            ((422, {"ErrorCode": 406, "Message": f"You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: {ADDRESS}. Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression."}), MessageState.FAILED, True),
            # In words that anymail does not know.
            ((422, {"ErrorCode": 406, "Message": "No."}), MessageState.FAILED, False),
            ((401, {"ErrorCode": 10, "Message": "No valid token"}), MessageState.PLANNED, False),
            ((429, {"ErrorCode": 429, "Message": "Too much"}), MessageState.PLANNED, False),
            ((500, {}), MessageState.UNCERTAIN, False),
            ("lost", MessageState.UNCERTAIN, False),
        ],
    )  # fmt: skip
    def test_what_its_answers_mean(self, postmark, book, now, caplog, answer, state, dead):
        """Wrong is for a person, not let in is tried again, and of what nobody knows nothing is sent twice."""
        book()
        postmark.answers = [answer]
        assert appointments.send_due_messages(now=now) == 0
        row = confirmation()
        assert (row.state, row.household.email_is_dead) == (state, dead)
        assert ADDRESS not in caplog.text + row.error

    def test_nobody_there_is_tried_again(self, book, now, settings, monkeypatch):
        configured(settings, monkeypatch, BACKEND="postmark", SERVER_TOKEN="x", API_URL="http://127.0.0.1:9/")
        book()
        appointments.send_due_messages(now=now)
        assert confirmation().state == MessageState.PLANNED


# What the provider calls back


def postmark_says(kind: str, reference: str | None, **more) -> dict:
    """As in Postmark's own documentation of webhooks."""
    common = {
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Tag": "", "ServerID": 23,
        "Metadata": {"reference": reference} if reference else {},
    }  # fmt: skip
    bounce = {
        "RecordType": "Bounce", "ID": 42, "Name": "Hard bounce", "TypeCode": 1, "Email": ADDRESS, "From": "afspraken@example.com",
        "BouncedAt": "2026-11-02T08:05:00Z", "Details": "smtp;550 5.1.1 The email account does not exist", "DumpAvailable": True,
        "Inactive": True, "CanActivate": True, "Subject": "Uw afspraak", "Description": "The server was unable to deliver.",
    }  # fmt: skip
    said = {
        "delivery": {"RecordType": "Delivery", "Recipient": ADDRESS, "DeliveredAt": "2026-11-02T08:00:09Z", "Details": "250 OK"},
        "hard": bounce | {"Type": "HardBounce"},
        "soft": bounce | {"Type": "SoftBounce", "Inactive": False},
        "later": bounce | {"Type": "Transient"},
        "blocked": bounce | {"Type": "Blocked"},
        "bad": bounce | {"Type": "BadEmailAddress"},
        "spam": bounce | {"RecordType": "SpamComplaint", "Type": "SpamComplaint"},
        "open": {"RecordType": "Open", "Recipient": ADDRESS, "ReceivedAt": "2026-11-02T08:00:09Z", "FirstOpen": True},
    }  # fmt: skip
    return common | said[kind] | more


def written(sender: str = ADDRESS, text: str = "Ik kom later, goed?", **more) -> dict:
    """A reply as Postmark hands it over."""
    return {
        "FromName": "F.", "MessageStream": "inbound", "From": sender, "FromFull": {"Email": sender, "Name": "F.", "MailboxHash": ""},
        "To": "afspraken@example.com", "ToFull": [{"Email": "afspraken@example.com", "Name": "", "MailboxHash": ""}], "Cc": "", "CcFull": [],
        "Bcc": "", "BccFull": [], "OriginalRecipient": "afspraken@example.com", "Subject": "Re: Uw afspraak met de gemeente Rotterdam",
        "MessageID": "73e6d360-66eb-11e1-8e72-a8904824019b", "ReplyTo": "", "MailboxHash": "", "Date": "Mon, 2 Nov 2026 08:55:00 +0100",
        "TextBody": f"{text}\n\nOp 2 november schreef Gemeente Rotterdam:\n> Beste", "HtmlBody": "<p>x</p>", "StrippedTextReply": text,
        "Tag": "", "Headers": [{"Name": "X-Spam-Status", "Value": "No"}], "Attachments": [],
    } | more  # fmt: skip


@pytest.fixture
def tell(client, settings, monkeypatch):
    """Calls back as the provider does; the status of the answer."""
    configured(settings, monkeypatch, BACKEND="postmark", SERVER_TOKEN="x")

    def do(said, *, path=BEZORGING, secret=SECRET, **headers) -> int:
        body = said if isinstance(said, str | bytes) else json.dumps(said)
        given = {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(secret.encode()).decode()} | headers
        answer = client.post(path, body, content_type="application/json", **given)
        assert answer.content == b""
        return answer.status_code

    return do


@pytest.fixture
def sent(now, feijenoord):
    def do(state="sent", **fields) -> Message:
        home = make.household(given="Fatou", surname="Ndiaye", mobile="", email=ADDRESS, location=feijenoord)
        about = {"state": state, "channel": "email", "recipient": ADDRESS, "handed_over_at": now,
                 "sent_at": now if state == "sent" else None}  # fmt: skip
        return make.letter(home, **about | fields)

    return do


class TestWhoMayTell:
    @pytest.mark.parametrize("path", [BEZORGING, ONTVANGEN])
    @pytest.mark.parametrize(
        "header",
        [
            "",
            "Basic",
            "Basic !!",
            "Basic é",
            "Bearer " + SECRET,
            "Basic " + base64.b64encode(b"postmark:wrong").decode(),
        ],
    )
    def test_without_the_secret_nobody_is_let_in(self, tell, sent, path, header):
        row = sent()
        assert tell(postmark_says("hard", str(row.pk)), path=path, HTTP_AUTHORIZATION=header) == 403
        row.refresh_from_db()
        assert row.delivery == ""

    @pytest.mark.parametrize(
        "given", [{"BACKEND": "smtp"}, {"BACKEND": "postmark", "SERVER_TOKEN": "x", "CALLBACK_SECRET": ""}]
    )
    def test_without_a_secret_in_the_settings_the_door_is_shut(self, tell, sent, settings, monkeypatch, given):
        configured(settings, monkeypatch, **given)
        for secret in (SECRET, "", ":"):
            assert tell(postmark_says("hard", str(sent().pk)), secret=secret) == 403

    @pytest.mark.parametrize(
        "said", ["", "{", "[]", "null", "3", '"x"', b"\xff\xfe", "[" * 5000, '{"RecordType": 3}', '{"RecordType": "Inbound"}']
    )  # fmt: skip
    def test_what_is_not_understood(self, tell, db, said, now):
        assert tell(said) in {204, 400}
        assert tell(said, path=ONTVANGEN) in {204, 400}
        assert not ReceivedText.objects.exclude(text="").exists()

    def test_mailgun_also_signs(self, client, sent, settings, monkeypatch):
        """Their signature is checked besides the secret."""
        configured(
            settings,
            monkeypatch,
            BACKEND="mailgun",
            API_KEY="k",
            SENDER_DOMAIN="example.com",
            WEBHOOK_SIGNING_KEY="sign",
        )
        row, basic = sent(), "Basic " + base64.b64encode(SECRET.encode()).decode()

        def tell(signature: str) -> int:
            said = {
                "signature": {"timestamp": "1762070400", "token": "t" * 50, "signature": signature},
                "event-data": {
                    "event": "failed", "severity": "permanent", "reason": "bounce", "id": "abc", "timestamp": 1762070400.0,
                    "recipient": ADDRESS, "delivery-status": {"code": 550, "message": "No such user", "description": ""},
                    "message": {"headers": {"message-id": "1@example.com"}}, "user-variables": {"reference": str(row.pk)}, "tags": [],
                },
            }  # fmt: skip
            return client.post(
                BEZORGING, json.dumps(said), content_type="application/json", HTTP_AUTHORIZATION=basic
            ).status_code

        assert tell("0" * 64) == 403
        assert tell(hmac.new(b"sign", b"1762070400" + b"t" * 50, hashlib.sha256).hexdigest()) == 204
        row.refresh_from_db()
        assert (row.state, row.delivery) == (MessageState.FAILED, Delivery.PERMANENT)


class TestReceipts:
    @pytest.mark.parametrize(
        ("kind", "delivery", "state", "dead"),
        [
            ("delivery", "delivered", "sent", False), ("hard", "permanent", "failed", True), ("bad", "permanent", "failed", True),
            ("soft", "temporary", "failed", False), ("blocked", "temporary", "failed", False), ("later", "", "sent", False),
            ("open", "", "sent", False), ("spam", "delivered", "sent", False),
        ],
    )  # fmt: skip
    def test_what_became_of_a_message(self, tell, sent, kind, delivery, state, dead, caplog):
        row = sent()
        assert tell(postmark_says(kind, str(row.pk))) == 204
        row.refresh_from_db()
        assert (row.delivery, row.state, row.household.email_is_dead) == (delivery, state, dead)
        assert (row in Message.objects.to_call()) == (state == "failed")
        assert ADDRESS not in caplog.text

    @pytest.mark.parametrize("order", list(itertools.permutations(["soft", "hard", "delivery"])))
    def test_in_any_order_and_twice_the_first_end_stays(self, tell, sent, order):
        row = sent()
        for kind in order:
            for _time in range(2):
                assert tell(postmark_says(kind, str(row.pk))) == 204
        row.refresh_from_db()
        ends = {"hard": "permanent", "delivery": "delivered"}
        assert row.delivery == next(ends[kind] for kind in order if kind in ends)
        assert not DELIVERY_MOVES[row.delivery]
        assert row.state == ("sent" if row.delivery == "delivered" else "failed")
        assert AuditEntry.objects.filter(action="flag_dead_email").count() == (row.delivery == "permanent")

    def test_what_was_uncertain_arrived_after_all(self, tell, sent, now):
        row = sent("uncertain")
        tell(postmark_says("delivery", str(row.pk)))
        row.refresh_from_db()
        assert (row.state, row.sent_at) == (MessageState.SENT, now)
        assert row.provider_reference == "883953f4-6105-42a2-a16a-77a8eac79483"

    @pytest.mark.parametrize("reference", [None, "of another program", "0b9f1e4e-2f0e-4a0c-8c9e-000000000001"])
    def test_of_no_message_of_ours(self, tell, sent, reference):
        row = sent()
        assert tell(postmark_says("hard", reference)) == 204
        row.refresh_from_db()
        assert row.delivery == ""

    def test_a_dead_address_is_shown_and_gone_when_it_is_changed(self, tell, sent, browse, joris, now):
        row = sent()
        tell(postmark_says("hard", str(row.pk)))
        client, home = browse(joris), Household.objects.get()
        page = client.get(f"/huishoudens/{home.case_number}/").content.decode()
        assert 'data-test="dead-email"' in page
        assert 'data-test="dead-email"' in client.get("/bellijst/").content.decode()
        assert actions.choose_channel(home, Message(kind="changed"), letter_in_time=False)[0] == "call"
        change_contact(household=home, values={"email": "ander@example.org"}, version=home.version, by=joris, now=now)
        home = change_contact(household=home, values={"email": ADDRESS}, version=home.version + 1, by=joris, now=now)
        assert (home.email_is_dead, home.dead_email) == (False, "")
        assert 'data-test="dead-email"' not in client.get(f"/huishoudens/{home.case_number}/").content.decode()


class TestReplies:
    @pytest.fixture
    def fatou(self, now, feijenoord):
        return make.household(given="Fatou", surname="Ndiaye", email="Fatou@Example.org", location=feijenoord)

    def test_a_reply_is_a_task_for_the_desk_once(self, tell, fatou, browse, joris, now):
        for _time in range(3):
            assert tell(written(), path=ONTVANGEN) == 204
        row = ReceivedText.objects.get()
        assert (row.household, row.text, row.sender, row.received_at) == (fatou, "Ik kom later, goed?", ADDRESS, now)
        assert Task.objects.get() == row.task
        shown = text_of(browse(joris).get(f"/berichten/ontvangen/{row.pk}/"))
        assert "Ontvangen e-mail" in shown
        assert "Ik kom later, goed?" in shown
        assert "Ontvangen e-mail" in text_of(browse(joris).get(f"/huishoudens/{fatou.case_number}/"))

    def test_another_mail_is_another_reply(self, tell, fatou):
        tell(written(), path=ONTVANGEN)
        tell(written(MessageID="another"), path=ONTVANGEN)
        assert ReceivedText.objects.count() == 2

    def test_of_an_address_that_nobody_has_it_waits_on_the_call_list(self, tell, fatou, browse, joris):
        tell(written("iemand@example.org"), path=ONTVANGEN)
        assert ReceivedText.objects.get().household is None
        page = text_of(browse(joris).get("/bellijst/"))
        assert "Ontvangen van een onbekend nummer of adres" in page
        assert "iemand@example.org" in page

    def test_a_machine_that_answers_asks_nothing(self, tell, fatou):
        """Somebody is away: RFC 3834."""
        tell(written(Headers=[{"Name": "Auto-Submitted", "Value": "auto-replied"}]), path=ONTVANGEN)
        assert not ReceivedText.objects.exists()
        tell(written(Headers=[{"Name": "Auto-Submitted", "Value": "no"}]), path=ONTVANGEN)
        assert ReceivedText.objects.count() == 1

    @pytest.mark.parametrize("text", ["", "\x00", "x" * 20_000, "<script>zz(1)</script>", "\u202e😀"])
    def test_whatever_they_write(self, tell, fatou, browse, joris, text):
        assert tell(written(text=text), path=ONTVANGEN) == 204
        row = ReceivedText.objects.get()
        assert len(row.text) <= 5000
        assert "<script>zz" not in browse(joris).get(f"/berichten/ontvangen/{row.pk}/").content.decode()

    def test_the_moment_is_not_in_the_future(self, tell, fatou, now):
        tell(written(Date="Mon, 2 Nov 2037 08:55:00 +0100"), path=ONTVANGEN)
        assert ReceivedText.objects.get().received_at <= now + dt.timedelta(0)
