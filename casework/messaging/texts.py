"""The texts to residents: templates in templates/messages, filled with facts that betray nothing (R-40, R-41)."""

import datetime as dt
import re

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from casework.core import clock, dates, gsm7
from casework.messaging.models import Channel, Message, MessageKind

LANGUAGES = ("nl", "en")
ONE_PART = 160
# messages.md 4.1: abbreviations as whole words, the others also inside longer words.
FORBIDDEN_WORDS = ("KBR", "MAIT", "JPF", "ETF", "BSN", "bewind")
FORBIDDEN_PARTS = (
    "schuld", "geldzorgen", "geldproblemen", "financiën", "financieel", "kredietbank", "expertiseteam", "deurwaarder",
    "incasso", "uitkering", "dossier", "wanbetaler", "ontruiming", "afsluiting", "bewindvoer",
)  # fmt: skip


def forbidden_in(text: str) -> list[str]:
    """The words in a text that would betray why somebody comes."""
    low = text.lower()
    words = [word for word in FORBIDDEN_WORDS if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
    return words + [part for part in FORBIDDEN_PARTS if part in low]


def language_for(preferred: str) -> str:
    """The preferred language when its texts exist, otherwise Dutch (R-40)."""
    return preferred if preferred in LANGUAGES else "nl"


def _name(message: Message) -> str:
    """The template of a message: a telephone talk and the evening before have their own words."""
    phone = message.facts.get("channel") == "phone"
    if phone and message.kind in {MessageKind.CONFIRMATION, MessageKind.TWO_DAYS_BEFORE, MessageKind.CHANGED}:
        return "phone"
    if message.kind == MessageKind.SAME_DAY:
        if phone:
            return "phone"
        return "t0_evening" if clock.local(message.planned_start).time() < dt.time(10) else "t0"
    return str(message.kind)


def _facts(message: Message, language: str, day: str) -> dict:
    start = clock.local(message.planned_start)
    return message.facts | {
        "day": day,
        "time": dates.clock_time(start, language),
        "phone_number": settings.MUNICIPALITY_PHONE,
    }


def _render(name: str, facts: dict) -> str:
    # A text message is no HTML: nothing is escaped.
    return get_template(f"messages/{name}").template.render(Context(facts, autoescape=False)).strip()


def sms(message: Message, language: str) -> str:
    """One text message. The date in full, or the short one when that would make a second part (messages.md 4.1.7)."""
    date = clock.local_date(message.planned_start)
    name = f"{_name(message)}.sms.{language}.txt"
    text = _render(name, _facts(message, language, dates.full_date(date, language)))
    if gsm7.length(text) > ONE_PART:
        text = _render(name, _facts(message, language, dates.short_date(date, language)))
    return text


def mail(message: Message, language: str) -> tuple[str, str]:
    """Subject and body of an e-mail or letter. The subject is as neutral as a text message."""
    facts = _facts(message, language, dates.full_date(clock.local_date(message.planned_start), language))
    whole = _render(f"{_name(message)}.mail.{language}.txt", facts)
    subject, _break, body = whole.partition("\n")
    return subject.strip(), body.strip()


def fill(message: Message) -> None:
    """Set subject and text from channel and language; no query."""
    if message.channel in {Channel.EMAIL, Channel.LETTER}:
        message.subject, message.text = mail(message, message.language)
    else:
        message.subject, message.text = "", sms(message, message.language)
