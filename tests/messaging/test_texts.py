"""Every text of messages.md to the letter, with its length (R-41), and never a word that betrays."""

import datetime as dt

import pytest

from casework.core import gsm7
from casework.messaging import texts
from casework.messaging.checks import forbidden_in
from casework.messaging.models import Message, TextForm
from casework.messaging.window import Window
from casework.places.models import Location
from tests import make

PLACE = "Vraagwijzer Feijenoord"
NL, EN = "nl", "en"
OPEN = Window(frozenset())


def message(kind: str, *, start: str = "2026-11-12 14:00", location: str = PLACE, channel: str = "place") -> Message:
    facts = {
        "location": location,
        "address": "Voorbeeldstraat 1",
        "directions": "halte Plein.",
        "first_name": "Samira",
        "channel": channel,
    }
    start = make.moment(start)
    due = OPEN.same_day(start) if kind == "t0" else start - dt.timedelta(days=2)
    return Message(kind=kind, planned_start=start, facts=facts, due_at=due)


ON = dt.date(2026, 11, 2)


def sms(row: Message, language: str) -> str:
    return texts.words(row, form=TextForm.SMS, preferred=language, on=ON).text


SMS = [
    ("confirmation", NL, "14:00", "place", 146, "Gemeente Rotterdam: u heeft een afspraak op donderdag 12 november om 14.00 uur bij Vraagwijzer Feijenoord. Komt dat niet uit? Bel 14 010. Tot dan!"),
    ("confirmation", EN, "14:00", "place", 144, "City of Rotterdam: you have an appointment on Thursday 12 November at 14:00 at Vraagwijzer Feijenoord. Can't make it? Call 14 010. See you then!"),
    ("t2", NL, "14:00", "place", 150, "Gemeente Rotterdam: we zien u donderdag 12 november om 14.00 uur bij Vraagwijzer Feijenoord. Lukt dat niet? Bel 14 010, dan zoeken we een andere tijd."),
    ("t2", EN, "14:00", "place", 144, "City of Rotterdam: see you on Thursday 12 November at 14:00 at Vraagwijzer Feijenoord. Can't make it? Call 14 010 and we will find another time."),
    ("t0", NL, "14:00", "place", 137, "Gemeente Rotterdam: we zien u vandaag om 14.00 uur bij Vraagwijzer Feijenoord. Niet alle papieren? Kom gewoon. Lukt het niet? Bel 14 010."),
    ("t0", EN, "14:00", "place", 128, "City of Rotterdam: see you today at 14:00 at Vraagwijzer Feijenoord. Papers not complete? Just come. Can't make it? Call 14 010."),
    ("t0", NL, "09:00", "place", 136, "Gemeente Rotterdam: we zien u morgen om 09.00 uur bij Vraagwijzer Feijenoord. Niet alle papieren? Kom gewoon. Lukt het niet? Bel 14 010."),
    ("t0", EN, "09:00", "place", 131, "City of Rotterdam: see you tomorrow at 09:00 at Vraagwijzer Feijenoord. Papers not complete? Just come. Can't make it? Call 14 010."),
    ("missed", NL, "14:00", "place", 140, "Gemeente Rotterdam: we hebben u donderdag 12 november gemist. Dat kan gebeuren. Nieuwe afspraak? Bel 14 010 of kom langs. We helpen u graag."),
    ("missed", EN, "14:00", "place", 137, "City of Rotterdam: we missed you on Thursday 12 November. That can happen. New appointment? Call 14 010 or walk in. We are happy to help."),
    ("changed", NL, "14:00", "place", 141, "Gemeente Rotterdam: uw nieuwe tijd is donderdag 12 november om 14.00 uur bij Vraagwijzer Feijenoord. De oude tijd vervalt. Vraag? Bel 14 010."),
    ("changed", EN, "14:00", "place", 143, "City of Rotterdam: your new time is Thursday 12 November at 14:00 at Vraagwijzer Feijenoord. The old time is cancelled. Questions? Call 14 010."),
    ("cancelled", NL, "14:00", "place", 134, "Gemeente Rotterdam: uw afspraak van donderdag 12 november om 14.00 uur gaat niet door. Nieuwe afspraak? Bel 14 010. We helpen u graag."),
    ("cancelled", EN, "14:00", "place", 134, "City of Rotterdam: your appointment on Thursday 12 November at 14:00 is cancelled. New appointment? Call 14 010. We are happy to help."),
    ("confirmation", NL, "14:00", "phone", 128, "Gemeente Rotterdam: we bellen u donderdag 12 november om 14.00 uur. U ziet misschien geen nummer. Komt dat niet uit? Bel 14 010."),
    ("confirmation", EN, "14:00", "phone", 125, "City of Rotterdam: we will call you on Thursday 12 November at 14:00. The number may be hidden. Not a good time? Call 14 010."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "language", "time", "channel", "length", "expected"), SMS)
def test_text_message_to_the_letter(kind, language, time, channel, length, expected):
    text = sms(message(kind, start=f"2026-11-12 {time}", channel=channel), language)
    assert text == expected
    assert gsm7.length(text) == length
    assert not gsm7.outside(text)


@pytest.mark.parametrize(
    ("due", "sent", "says"),
    [
        ("2026-11-11 17:00", "2026-11-11", "morgen"), ("2026-11-11 17:00", "2026-11-12", "vandaag"),
        ("2026-11-12 08:00", "2026-11-12", "vandaag"), ("2026-11-12 08:00", "2026-11-02", "vandaag"),
        ("2026-11-11 17:00", "2026-11-02", "morgen"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("start", ["09:00", "14:00", "19:45"])
def test_tomorrow_and_today_are_said_as_seen_from_the_day_it_goes_out(start, due, sent, says):
    """Whatever moments were chosen, and also when it goes out late (R-33, R-35)."""
    row = message("t0", start=f"2026-11-12 {start}")
    row.due_at = make.moment(due)
    text = texts.words(row, form=TextForm.SMS, preferred=NL, on=dt.date.fromisoformat(sent)).text
    assert f"we zien u {says} om" in text


@pytest.mark.parametrize("language", [NL, EN])
@pytest.mark.parametrize("kind", ["confirmation", "t2", "t0", "missed", "changed", "cancelled"])
def test_one_part_also_with_the_longest_location_and_date(kind, language):
    text = sms(message(kind, start="2026-09-23 14:00", location="Vraagwijzer Hillegersberg-Schiebroek"), language)
    assert gsm7.parts(text) == 1


def test_the_short_date_saves_a_part():
    text = sms(message("t2", location="Vraagwijzer Hillegersberg-Schiebroek"), NL)
    assert "we zien u do 12 nov om" in text


@pytest.mark.parametrize("form", [TextForm.MAIL, TextForm.LETTER])
@pytest.mark.parametrize("language", [NL, EN])
@pytest.mark.parametrize("channel", ["place", "phone"])
@pytest.mark.parametrize("kind", ["confirmation", "t2", "missed", "changed", "cancelled"])
def test_mail_is_neutral_outside_and_complete_inside(kind, channel, language, form):
    made = texts.words(message(kind, channel=channel), form=form, preferred=language, on=ON)
    assert (
        made.subject
        == {NL: "Uw afspraak met de gemeente Rotterdam", EN: "Your appointment with the City of Rotterdam"}[language]
    )
    assert "14 010" in made.text
    assert forbidden_in(made.subject + made.text, make.forbidden_words()) == []


def test_a_name_with_an_apostrophe_is_not_escaped():
    assert "Vraagwijzer 't Oosten" in sms(message("t2", location="Vraagwijzer 't Oosten"), NL)


def test_locations_keep_their_name_short_for_staff():
    assert Location(name=PLACE).short_name == "Feijenoord"
