"""Dates as Dutch people type and read them (R-59, look.md 6.4)."""

import datetime as dt
import re

from django.utils.translation import get_language
from django.utils.translation import gettext as _

MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
WEEKDAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SHORT_MONTHS_NL = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_GLUED = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_WORDS = re.compile(r"(\d{1,2})\s+([a-z]+)\.?\s+(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def _month_number(word: str) -> int | None:
    for names in (*MONTHS.values(), _SHORT_MONTHS_NL):
        for number, name in enumerate(names, start=1):
            if word == name.lower() or (len(word) >= 3 and name.lower().startswith(word)):
                return number
    return None


def _parts(typed: str) -> tuple[int, int, str] | None:
    """Day, month and year as typed, or None when it is no date."""
    text = typed.strip().lower()
    if found := _ISO.fullmatch(text):
        return int(found[3]), int(found[2]), found[1]
    if found := _NUMBERS.fullmatch(text) or _GLUED.fullmatch(text):
        return int(found[1]), int(found[2]), found[3]
    if (found := _WORDS.fullmatch(text)) and (month := _month_number(found[2])):
        return int(found[1]), month, found[3]
    return None


def read_date(typed: str, *, today: dt.date) -> dt.date:
    """A date from `17-05-1984`, `17-5-84`, `17051984`, `17 mei 1984` or ISO 8601.

    A year of two digits above today's means 19xx, otherwise 20xx. Raises ValueError with what to do.
    """
    parts = _parts(typed)
    if not parts:
        raise ValueError(_("Enter a date, such as 17 5 1984."))
    day, month, year = parts
    number = int(year)
    if len(year) == 2:
        number += 1900 if number > today.year % 100 else 2000
    try:
        return dt.date(number, month, day)
    except ValueError:
        raise ValueError(_("This date does not exist. Enter a date, such as 17 5 1984.")) from None


# How much of a date of birth is known; some registers know a year, or a year and a month, only (00-00-1984).
DAY, MONTH, YEAR = "day", "month", "year"


class BirthDate(dt.date):
    """A date of birth and how much of it is known; what is not known stands as the first of the month or year."""

    known = DAY

    @classmethod
    def of(cls, date: dt.date, known: str = DAY) -> "BirthDate":
        made = cls(date.year, 1 if known == YEAR else date.month, date.day if known == DAY else 1)
        made.known = known
        return made

    @property
    def written(self) -> str:
        """`17-05-1984`, `05-1984` or `1984`."""
        return self.strftime({DAY: "%d-%m-%Y", MONTH: "%m-%Y", YEAR: "%Y"}[self.known])

    @property
    def word(self) -> str:
        """As it is searched: `19840517`, `198405` or `1984`."""
        return self.strftime({DAY: "%Y%m%d", MONTH: "%Y%m", YEAR: "%Y"}[self.known])

    def may_be(self, other: "BirthDate") -> bool:
        """Whether both can be the same day."""
        return self.word.startswith(other.word) or other.word.startswith(self.word)


_YEAR_ONLY = re.compile(r"(?:0{1,2}[-/. ]0{1,2}[-/. ]|0000)?(\d{4})")
_MONTH_AND_YEAR = re.compile(r"(?:0{1,2}[-/. ])?(\d{1,2}|[a-z]+)\.?[-/. ](\d{4})")


def _read_partly(typed: str) -> BirthDate | None:
    """A year, or a month and a year; None when it is neither."""
    text = typed.strip().lower()
    if found := _YEAR_ONLY.fullmatch(text):
        return BirthDate.of(dt.date(int(found[1]), 1, 1), YEAR) if int(found[1]) else None
    if found := _MONTH_AND_YEAR.fullmatch(text):
        month = int(found[1]) if found[1].isdecimal() else _month_number(found[1])
        if month and 1 <= month <= 12 and int(found[2]):
            return BirthDate.of(dt.date(int(found[2]), month, 1), MONTH)
    return None


def read_birth_date(typed: str, *, today: dt.date) -> BirthDate:
    """As read_date, or only a year (`1984`, `00-00-1984`) or a month and a year (`5-1984`, `mei 1984`).

    Not in the future and at most 120 years ago.
    """
    born = _read_partly(typed) or BirthDate.of(read_date(typed, today=today))
    if born > today:
        raise ValueError(_("A date of birth cannot be in the future. Enter a date, such as 17 5 1984."))
    if age(born, today) > 120:
        raise ValueError(_("This date of birth is more than 120 years ago. Enter a date, such as 17 5 1984."))
    return born


def age(born: dt.date, today: dt.date) -> int:
    """Whole years; who is born on 29 February turns a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _language(language: str | None) -> str:
    chosen = (language or get_language() or "nl")[:2]
    return chosen if chosen in MONTHS else "nl"


def full_date(date: dt.date, language: str | None = None) -> str:
    """`donderdag 12 november` / `Thursday 12 November`: for messages, with weekday and month in full."""
    chosen = _language(language)
    return f"{WEEKDAYS[chosen][date.weekday()]} {date.day} {MONTHS[chosen][date.month - 1]}"


def short_date(date: dt.date, language: str | None = None, *, today: dt.date | None = None) -> str:
    """`do 12 nov`; with the year when `today` is given and the year is another one."""
    chosen = _language(language)
    weekday = WEEKDAYS[chosen][date.weekday()][: 2 if chosen == "nl" else 3]
    month = _SHORT_MONTHS_NL[date.month - 1] if chosen == "nl" else MONTHS["en"][date.month - 1][:3]
    year = f" {date.year}" if today and date.year != today.year else ""
    return f"{weekday} {date.day} {month}{year}"


def clock_time(time: dt.time | dt.datetime, language: str | None = None) -> str:
    """`14.00` in Dutch, `14:00` in English. Wants local time."""
    return f"{time:%H.%M}" if _language(language) == "nl" else f"{time:%H:%M}"
