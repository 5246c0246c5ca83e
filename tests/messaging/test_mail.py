"""E-mail over a real SMTP server on this machine: what arrives byte for byte, and what its answers mean (decision 0064)."""

import email
import socket
import threading
from contextlib import contextmanager
from email import policy

import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import ImproperlyConfigured

from casework.appointments import actions as appointments
from casework.messaging import channels
from casework.messaging.models import Message, MessageState
from etf import environment
from tests import make

ADDRESS = "fatou@example.org"


class Post:
    """Keeps what it was given. `answers`: to which command it says what, instead of yes."""

    def __init__(self):
        self.got: list[tuple[str, list[str], bytes]] = []
        self.answers: dict[str, str] = {}

    async def handle_MAIL(self, _server, session, envelope, address, options):
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, _server, _session, envelope, address, options):
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.got.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return "250 OK"


@pytest.fixture
def post(settings):
    box = Post()
    controller = Controller(box, hostname="127.0.0.1", port=0)
    controller.port = _free_port()
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 5
    settings.DEFAULT_FROM_EMAIL = "Gemeente Rotterdam <afspraken@example.com>"
    settings.ETF_CHANNELS = settings.ETF_CHANNELS | {"email": "casework.messaging.channels.EmailChannel"}
    yield box
    controller.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def book(samira, joris, now):
    def one(**household):
        wanted = {"given": "Fatou", "surname": "Ndiaye", "mobile": "", "email": ADDRESS, "location": samira.location}
        return appointments.book(household=make.household(**wanted | household), counsellor=samira, location=samira.location,
                                 kind=make.appointment_type(), start=make.moment("2026-11-12 14:00"), by=joris, now=now)  # fmt: skip

    return one


def confirmation() -> Message:
    return Message.objects.get(kind="confirmation")


class TestWhatArrives:
    def test_byte_for_byte(self, post, book, now):
        book()
        assert appointments.send_due_messages(now=now) == 1
        row, ((sender, recipients, raw),) = confirmation(), post.got
        assert (sender, recipients) == ("afspraken@example.com", [ADDRESS])
        assert raw == "\r\n".join([
            'Content-Type: text/plain; charset="utf-8"',
            "MIME-Version: 1.0",
            "Content-Transfer-Encoding: 7bit",
            "Subject: Uw afspraak met de gemeente Rotterdam",
            "From: Gemeente Rotterdam <afspraken@example.com>",
            "To: fatou@example.org",
            "Date: Mon, 02 Nov 2026 08:00:00 -0000",
            f"X-ETF-Reference: {row.pk}",
            f"Message-ID: <{row.pk}@example.com>",
            "Auto-Submitted: auto-generated",
            "",
            *row.text.split("\n"),
            "",
        ]).encode()  # fmt: skip
        assert (row.state, row.provider_reference) == (MessageState.SENT, "email")

    def test_no_header_and_no_text_says_who_somebody_is(self, post, book, now):
        book()
        appointments.send_due_messages(now=now)
        said = post.got[0][2].decode()
        for name in ("Ndiaye", confirmation().household.case_number, socket.gethostname(), "localhost"):
            assert name not in said
        # The address itself is the only place with a name.
        assert said.lower().count("fatou") == 1

    def test_letters_that_no_ascii_has_arrive_as_they_are(self, post, now, feijenoord):
        text = "Beste heer of mevrouw,\n\nCafé Zuid, éé­n ë en €.\n\n.\n.. Een punt alleen\nFrom hier\n" + "lang " * 300
        row = make.letter(
            make.household(), channel="email", state="planned", recipient=ADDRESS, subject="Één afspraak – ë", text=text
        )
        channels.EmailChannel().send(row)
        raw = post.got[0][2]
        assert max(len(line) for line in raw.split(b"\r\n")) <= 998
        assert b"\n" not in raw.replace(b"\r\n", b"")
        read = email.message_from_bytes(raw, policy=policy.default)
        assert read["Subject"] == "Één afspraak – ë"
        assert read["Content-Transfer-Encoding"] in {"quoted-printable", "8bit", "base64"}
        assert read.get_content().splitlines() == text.splitlines()

    def test_nobody_slips_a_header_in(self, post, now, feijenoord):
        row = make.letter(
            make.household(),
            channel="email",
            state="planned",
            recipient=ADDRESS,
            subject="Uw afspraak\r\nBcc: x@example.org",
        )
        with pytest.raises(ValueError, match="newlines"):
            channels.EmailChannel().send(row)
        assert post.got == []


# What the server says, where, and what becomes of the message and of the address.
ANSWERS = [
    ("RCPT", "550 5.1.1 No such user", MessageState.FAILED, True),
    ("RCPT", "553 Mailbox name not allowed", MessageState.FAILED, True),
    ("RCPT", "550 5.7.1 Relaying denied", MessageState.FAILED, False),
    ("RCPT", "552 5.2.2 Mailbox full", MessageState.FAILED, False),
    ("RCPT", "450 4.2.1 Try later", MessageState.PLANNED, False),
    ("MAIL", "451 4.3.0 Try later", MessageState.PLANNED, False),
    ("MAIL", "550 5.7.1 Not from you", MessageState.FAILED, False),
    ("DATA", "554 5.6.0 Not like this", MessageState.FAILED, False),
    ("DATA", "452 4.3.1 No room", MessageState.PLANNED, False),
]


class TestWhatItsAnswersMean:
    @pytest.mark.parametrize(("command", "answer", "state", "dead"), ANSWERS)
    def test_an_answer(self, post, book, now, caplog, command, answer, state, dead):
        book()
        post.answers = {command: answer}
        assert appointments.send_due_messages(now=now) == 0
        row = confirmation()
        assert (row.state, row.household.email_is_dead) == (state, dead)
        assert ADDRESS not in caplog.text + row.error
        assert post.got == []
        if state == MessageState.PLANNED:
            assert (row.due_at - now).seconds == 300
        else:
            assert row in Message.objects.to_call()

    def test_nobody_there_is_tried_again(self, post, book, now, settings):
        settings.EMAIL_PORT = _free_port()
        book()
        appointments.send_due_messages(now=now)
        assert (confirmation().state, (confirmation().due_at - now).seconds) == (MessageState.PLANNED, 300)

    def test_a_line_that_breaks_after_the_text_leaves_it_to_a_person(self, book, post, now, settings):
        with breaking() as (port, got):
            settings.EMAIL_PORT = port
            book()
            assert appointments.send_due_messages(now=now) == 0
        assert confirmation().state == MessageState.UNCERTAIN
        assert b"Uw afspraak" in got[0]
        appointments.send_due_messages(now=make.moment("2026-11-02 12:00"))
        assert len(got) == 1

    def test_the_next_message_goes_another_way_until_the_address_is_changed(self, post, book, now):
        post.answers = {"RCPT": "550 5.1.1 No such user"}
        row = book().household
        appointments.send_due_messages(now=now)
        row.refresh_from_db()
        message = Message(kind="changed")
        assert channels_of(row, message) == ("call", "")
        row.email = "ander@example.org"
        assert channels_of(row, message) == ("email", "ander@example.org")


def channels_of(household, message):
    from casework.messaging.actions import choose_channel

    return choose_channel(household, message, letter_in_time=False)


@contextmanager
def breaking():
    """A server that takes the whole text and then hangs up; its port, and what it got."""
    got, listener = [], socket.create_server(("127.0.0.1", 0))

    def serve():
        line, _address = listener.accept()
        with line, line.makefile("rb") as said:
            line.sendall(b"220 here\r\n")
            for command in said:
                if command.upper().startswith(b"DATA"):
                    line.sendall(b"354 go on\r\n")
                    text = b""
                    while not text.endswith(b"\r\n.\r\n"):
                        text += said.readline()
                    got.append(text)
                    return
                line.sendall(b"250 OK\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], got
    finally:
        thread.join(10)
        listener.close()


class TestSettings:
    def test_smtp_is_the_usual_one(self):
        assert (
            environment.mail("ETF_EMAIL", https_only=True)["backend"] == "django.core.mail.backends.smtp.EmailBackend"
        )

    @pytest.mark.parametrize("name", environment.MAIL_PROVIDERS)
    def test_what_a_provider_must_be_given_is_named(self, monkeypatch, name):
        monkeypatch.setenv("ETF_EMAIL_BACKEND", name)
        for one in environment.MAIL_PROVIDERS[name]:
            with pytest.raises(ImproperlyConfigured, match=f"ETF_EMAIL_{one}"):
                environment.mail("ETF_EMAIL", https_only=True)
            monkeypatch.setenv(f"ETF_EMAIL_{one}", "x")
        found = environment.mail("ETF_EMAIL", https_only=True)
        assert found["backend"] == f"anymail.backends.{name}.EmailBackend"
        assert found["callback_secret"] == ""

    @pytest.mark.parametrize(
        ("given", "words"),
        [({"BACKEND": "pigeon"}, "ETF_EMAIL_BACKEND"), ({"CALLBACK_SECRET": "short:x"}, "20 characters"),
         ({"CALLBACK_SECRET": "x" * 30}, "name:password"),
         ({"BACKEND": "postmark", "SERVER_TOKEN": "x", "API_URL": "http://x.example"}, "https")],
    )  # fmt: skip
    def test_what_is_wrong_is_said_at_the_start(self, monkeypatch, given, words):
        for name, value in given.items():
            monkeypatch.setenv(f"ETF_EMAIL_{name}", value)
        with pytest.raises(ImproperlyConfigured, match=words):
            environment.mail("ETF_EMAIL", https_only=True)
