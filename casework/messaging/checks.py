"""What is looked at before a text may be saved, and again before it may be approved (R-41)."""

import datetime as dt
import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from casework.core import dates, gsm7
from casework.messaging import texts
from casework.messaging.models import (
    DUTCH,
    TEXT_LANGUAGES,
    TO_CANCEL,
    ForbiddenWord,
    MessageText,
    TextForm,
    TextKind,
    placeholders,
)
from casework.places.models import Location

MOST_PARTS = 2


@dataclass(frozen=True)
class Sample:
    """What a text is tried with: the longest date of a language, and every location in use."""

    full: str
    short: str
    facts: tuple[dict, ...]


@dataclass
class Checked:
    """What was found, and how a text goes out with the location that makes it longest."""

    refused: list[tuple[str, str]] = field(default_factory=list)
    example: str = ""
    place: str = ""
    # Only text messages have a length that counts.
    counted: bool = False

    @property
    def outside(self) -> list[str]:
        return sorted(gsm7.outside(self.example)) if self.counted else []

    @property
    def length(self) -> int:
        return gsm7.length(self.example)

    @property
    def limit(self) -> int:
        return gsm7.limit(self.example)

    @property
    def parts(self) -> int:
        return gsm7.parts(self.example) if self.counted else 1

    @property
    def to_be_seen(self) -> list[str]:
        """What somebody must have seen before it is saved."""
        more = [self.count] if self.parts > 1 else []
        return [self.about_outside, *more] if self.outside else more

    @property
    def mark(self) -> str:
        """Of what was seen: another example must be seen anew."""
        return hashlib.sha256(self.example.encode()).hexdigest()[:16]

    @property
    def count(self) -> str:
        words = WORDS["more"] if self.parts > 1 else WORDS["one"]
        alphabet = "UCS-2" if self.outside else "GSM-7"
        return words % {"length": self.length, "limit": self.limit, "alphabet": alphabet, "parts": self.parts}

    @property
    def about_outside(self) -> str:
        return WORDS["outside"] % {"characters": " ".join(self.outside), "limit": self.limit}


# As the page that counts while one types says it too: it fills in the same words.
WORDS = {
    "one": _("%(length)s of %(limit)s characters (%(alphabet)s): one text message."),
    "more": _("%(length)s characters (%(alphabet)s, %(limit)s in one): %(parts)s text messages."),
    "outside": _(
        "Not in the alphabet of text messages: %(characters)s. So no more than %(limit)s characters fit in one."
    ),
}


def samples() -> dict[str, Sample]:
    """Per language. One query."""
    places = list(Location.objects.filter(active=True)) or [Location(name="Vraagwijzer")]
    return {language: _sample(language, places) for language in dates.MONTHS}


def _sample(language: str, places: list[Location]) -> Sample:
    day = _longest_day(language)
    facts = {
        "time": dates.clock_time(dt.time(14), language), "phone_number": settings.MUNICIPALITY_PHONE, "first_name": "Samira",
        "code": "4821", "link": f"{settings.ETF_ADDRESS or 'https://etf.example.nl'}/a/K7QM-2XW9-PT4H/",
    }  # fmt: skip
    return Sample(
        full=dates.full_date(day, language),
        short=dates.short_date(day, language),
        facts=tuple(
            facts | {"location": one.name, "address": one.address, "directions": one.directions} for one in places
        ),
    )


@functools.cache
def _longest_day(language: str) -> dt.date:
    """The date with the longest words: within eleven years every date has been on every weekday."""
    days = (dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(11 * 365))
    return max(days, key=lambda day: len(dates.full_date(day, language)))


def check(text: MessageText) -> Checked:
    """Everything that R-41 asks of a text, saved or not. Two queries."""
    found = Checked(refused=[*_placeholders(text), *_forbidden(text)], counted=text.form == TextForm.SMS)
    found.place, found.example = longest(text, samples()[text.language])
    if found.parts > MOST_PARTS:
        found.refused.append(("text", _too_long(found)))
    return found


def longest(text: MessageText, sample: Sample) -> tuple[str, str]:
    """The location with which a text takes the most, and how it goes out then."""
    if text.form != TextForm.SMS:
        most = max(sample.facts, key=lambda facts: len(facts["location"]))
        return most["location"], texts.fill_in(text.text, most | {"day": sample.full})
    tried = [
        (facts["location"], texts.shortest(text.text, facts, full=sample.full, short=sample.short))
        for facts in sample.facts
    ]
    return max(tried, key=lambda one: (gsm7.parts(one[1]), gsm7.length(one[1])))


@dataclass(frozen=True)
class Longer:
    """A text in use that takes more than one text message at a location."""

    name: str
    parts: int


def longer_at(location: Location, on: dt.date) -> list[Longer]:
    """What the name of a location makes of the text messages in use on a date. No query."""
    found = []
    for kind in TextKind:
        for language, _name in TEXT_LANGUAGES:
            if not (wording := texts.in_force(kind, TextForm.SMS, language, on)):
                continue
            sample = _sample(language, [location])
            parts = gsm7.parts(texts.shortest(wording.text, sample.facts[0], full=sample.full, short=sample.short))
            if parts > 1:
                found.append(Longer(MessageText(kind=kind, form=TextForm.SMS, language=language).name, parts))
    return found


# What of a location stands in messages.
IN_MESSAGES = ("name", "address", "directions")


def betrayed_by(location: Location) -> dict[str, list[str]]:
    """Field of a location → the forbidden words of any language in it: it goes out in each. One query."""
    listed = list(ForbiddenWord.objects.all())
    found = {name: forbidden_in(getattr(location, name), listed) for name in IN_MESSAGES}
    return {name: words for name, words in found.items() if words}


def _too_long(found: Checked) -> str:
    return _now("This takes %(parts)s text messages at %(place)s; at most %(most)s go out. Make it shorter.") % {
        "parts": found.parts, "place": found.place, "most": MOST_PARTS,
    }  # fmt: skip


_NAMED = re.compile(r"\{(\w+)\}")
# What is left of braces and brackets once everything well-formed is out.
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_LOOSE = re.compile(r"[{}\[\]]")


def _placeholders(text: MessageText) -> Iterable[tuple[str, str]]:
    """Placeholders that do not exist or not in this form, by name, and braces that close nothing. The subject is short."""
    known = placeholders(text.kind, text.form)
    if text.kind == TextKind.TWO_DAYS_BEFORE_SELF and not any(one.written in text.text for one in TO_CANCEL):
        yield "text", _now("Without {code} or {link} nobody can cancel with this text.")
    for name, allowed in (("subject", placeholders("", TextForm.SMS)), ("text", known)):
        written = getattr(text, name)
        for unknown in sorted(set(_NAMED.findall(written)) - {one.value for one in allowed}):
            yield name, _now("{%(name)s} cannot be filled in here.") % {"name": unknown}
        if _LOOSE.search(_NAMED.sub("", _OPTIONAL.sub(r"\1", written))):
            yield name, _now("Braces and brackets stand in pairs: {day}, or [a part that may be left out].")


def _forbidden(text: MessageText) -> Iterable[tuple[str, str]]:
    listed = words_for(text.language)
    for name in ("subject", "text"):
        for word in forbidden_in(getattr(text, name), listed):
            yield name, betrays(word)


def betrays(word: str) -> str:
    return _now("“%(word)s” betrays why somebody comes. Choose another word.") % {"word": word}


def words_for(language: str) -> list[ForbiddenWord]:
    """Those of a language, and those in Dutch, which everybody here may read. One query."""
    return list(ForbiddenWord.objects.filter(language__in={language, DUTCH}))


def forbidden_in(text: str, listed: Iterable[ForbiddenWord]) -> list[str]:
    """The words in a text that would betray why somebody comes, in the order of the list, each once."""
    low = _alike(text)
    found = [one.word for one in listed if _stands_in(low, one)]
    return list(dict.fromkeys(found))


def _stands_in(low: str, one: ForbiddenWord) -> bool:
    word = _alike(one.word)
    return bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", low)) if one.whole_word else word in low


def _alike(text: str) -> str:
    """Any case, and an ë of one character or of two."""
    return unicodedata.normalize("NFC", text.casefold())
