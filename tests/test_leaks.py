"""What looks for leaks finds them: a search that never finds would let everything pass."""

import logging

import pytest
import structlog

from casework.messaging.actions import sending
from casework.messaging.channels import DevelopmentOutbox
from casework.messaging.models import Message
from tests import leaks, make


@pytest.fixture
def message(db) -> Message:
    return Message(household=make.household(given="Jana", surname="Leeuwenberg"), channel="sms")


@pytest.mark.parametrize(("text", "found"), [
    ("Gemeente Rotterdam: we zien u morgen om 09.00 uur.", []),
    ("Dag mevrouw LEEUWENBERG", ["Leeuwenberg"]),
    ("Uw schuldhulpverlener", ["schuld"]),
    ("Wij zijn het ETF", ["ETF"]),
    ("Kom met een etfel", []),
    ("Over ETF-2026-000101", ["ETF", "ETF-2026-000101"]),
])  # fmt: skip
def test_words_of_a_message(message, text, found):
    message.text = text
    assert leaks.in_message(message) == found


def test_whatever_goes_out_passes_the_search(message, leaked, settings):
    settings.ETF_CHANNELS = {"sms": "casework.messaging.channels.DevelopmentOutbox"}
    message.text = "Uw dossier"
    channel = sending.channel_for("sms")
    assert channel.send(message) == DevelopmentOutbox().send(message)
    assert channel.can_be_asked is False
    assert leaked == ["a message says: dossier"]
    leaked.clear()


@pytest.mark.parametrize("words", ["+31612345678", "999900109", "jana@example.org"])
def test_lines_of_a_log(leaked, caplog, words):
    caplog.set_level(logging.INFO)
    logging.getLogger("etf.some").warning("call %s", words)
    structlog.get_logger("etf.other").warning("called", number=words)
    assert leaked == [f"the log says: {words}"] * 2
    leaked.clear()
