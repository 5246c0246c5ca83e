"""What somebody typed to find a household, and what each word of it may be (S05, R-51).

A word may fit a household in several ways. Each way is SQL twice: `keys`, that an index answers whatever the number
of households, and `row`, a condition on a row of them that is already at hand.
"""

import contextlib
import datetime as dt
import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass

from casework.core import dates, names, values
from casework.core.encryption import fingerprint

# What people type with spaces in it and mean as one: `17 mei 1984`, `17 5 1984`, `06 12 34 56 78`, `3072 AB`.
_SPACED = (
    re.compile(r"\b\d{1,2} +(?:[a-z]{3,}\.?|\d{1,2}) +(?:\d{4}|\d{2})\b(?! *\d)", re.IGNORECASE),
    re.compile(r"(?:\+31|\b0)[\d()\-]*(?: +[\d()\-]+)+"),
    re.compile(r"\b[1-9]\d{3} +[a-z]{2}\b", re.IGNORECASE),
)
_POSTCODE = re.compile(r"([1-9][0-9]{3}) ?([A-Za-z]{2})")
_HOUSE_NUMBER = re.compile(r"([0-9]{1,5})-?([A-Za-z]{0,2}|[0-9]{1,4})")

# Stands for a space inside a term; nobody types it, and `split` does not take it for a space.
_GLUE = "\ue000"

# Enough for any name with a date and a postcode; more would only make the query long.
MOST_TERMS = 8
# Longer than any name with a date and a postcode.
LONGEST_SEARCH = 100
# Fewer letters stand at the beginning of a word; from here on they may stand inside it too.
INSIDE_FROM = 3


def typed_text(text: str) -> str:
    """What somebody typed to search, without characters that nobody types."""
    apart = "".join(" " if ch.isspace() else ch for ch in text)
    return "".join(ch for ch in apart if ch.isprintable()).strip()[:LONGEST_SEARCH].strip()


class Rank(enum.IntEnum):
    """How well a word fits, the best first (S05)."""

    CASE_NUMBER = 0
    BSN = 1
    PHONE = 2
    CASE_NUMBER_PART = 3
    BORN = 4
    ADDRESS = 5
    NAME = 6
    NAME_BEGINS = 7
    NAME_HOLDS = 8


@dataclass(frozen=True)
class Fit:
    """One way in which a word fits a household. `wide`: thousands may fit in this way."""

    rank: Rank
    keys: str
    keys_params: tuple
    row: str
    row_params: tuple
    wide: bool = False

    @classmethod
    def of_row(cls, rank: Rank, condition: str, *params: str, wide: bool = False) -> "Fit":
        """By columns of the household, each with an index."""
        keys = f"select household.id from casework_household household where {condition}"
        return cls(rank, keys, params, condition, params, wide)

    @classmethod
    def of_number(cls, rank: Rank, condition: str, param: str, *, wide: bool = False) -> "Fit":
        """By a case number, of this household or of one that was merged into it (R-53); never one without names left."""
        of_row, of_old = condition.format("household.case_number"), condition.format("old.case_number")
        keys = (
            "select coalesce(household.merged_into_id, household.id) from casework_household household"
            f" where {of_row} and household.anonymised_on is null"
        )
        old = f"select from casework_household old where old.merged_into_id = household.id and {of_old}"
        return cls(rank, keys, (param,), f"({of_row} or exists ({old}))", (param, param), wide)

    @classmethod
    def of_word(cls, rank: Rank, word: str, *, whole: bool, wide: bool = True) -> "Fit":
        """By a word of a name or a date of birth, or its beginning."""
        like = like_literal(word)
        if whole:
            keys, keys_params = "word = %s", (word,)
            row, row_params = "' ' || household.search_name || ' ' like %s", (f"% {like} %",)
        else:
            keys, keys_params = "word like %s", (f"{like}%",)
            row, row_params = BEGINS, (f"{like}%", f"% {like}%")
        # Open and closed are two stretches of the index.
        keys = f"select household_id from casework_searchword where closed in (false, true) and {keys}"
        return cls(rank, keys, keys_params, row, row_params, wide)


# A word begins with it, on a row; two patterns, which the trigram index answers too.
BEGINS = "(household.search_name like %s or household.search_name like %s)"


@dataclass(frozen=True)
class SearchTerm:
    """One word somebody typed, and the ways in which it may fit, the best first. None: it finds nothing."""

    typed: str
    fits: tuple[Fit, ...]
    # As part of a name; empty for what can be none.
    folded: str = ""
    # Years are no names, but are looked for in the same words.
    year: str = ""

    @classmethod
    def all_from(cls, text: str, *, today: dt.date, by_bsn: bool = False) -> list["SearchTerm"]:
        """The terms of what was typed; a date, telephone number or postcode with spaces in it is one term.

        `by_bsn`: a whole BSN finds who has it (S05, R-90a).
        """
        glued = typed_text(text)
        for spaced in _SPACED:
            glued = spaced.sub(lambda found: re.sub(r"[\s()]+", _GLUE, found[0].strip()), glued)
        words = [word.replace(_GLUE, " ").strip() for word in glued.split()]
        words = [part for word in words for part in _number_apart(word) if re.search(r"\w", part)][:MOST_TERMS]
        postcode = next(filter(None, map(_postcode, words)), "")
        return [cls.read(word, today=today, by_bsn=by_bsn, postcode=postcode) for word in words]

    @classmethod
    def read(cls, word: str, *, today: dt.date, by_bsn: bool, postcode: str) -> "SearchTerm":
        """Everything that one word may be. With a postcode beside it, a number may be of a house."""
        digits = re.sub(r"\D", "", word)
        is_number = word.isascii() and digits == word
        year = word if is_number and len(word) == 4 and 1900 <= int(word) <= today.year else ""
        fits = [
            *_of_number(word, digits),
            *(_of_bsn(word) if by_bsn else ()),
            *_of_phone(word, digits),
            *_of_birth(word, year, today),
            *_of_address(word, postcode),
        ]
        is_something_else = any(fit.rank != Rank.CASE_NUMBER for fit in fits)
        folded = names.fold(word) if not is_something_else and any(map(str.isalpha, word)) else ""
        fits += _of_name(folded)
        return cls(word, tuple(sorted(fits, key=lambda fit: fit.rank)), folded, year)

    @property
    def may_be_number(self) -> bool:
        """It may be a case number or a part of one."""
        return any(fit.rank in {Rank.CASE_NUMBER, Rank.CASE_NUMBER_PART} for fit in self.fits)

    def is_of_number(self, number: str) -> bool:
        """This case number, its beginning, or its end."""
        return self.may_be_number and (number.startswith(self.typed.upper()) or number.endswith(self.typed))

    @property
    def is_narrow(self) -> bool:
        """Few households fit it, in whatever way."""
        return bool(self.fits) and not any(fit.wide for fit in self.fits)


def keys_of(fits: Sequence[Fit]) -> tuple[str, list]:
    """SQL for the keys of the households that one of these fits, each once, from indexes alone; and its parameters."""
    if not fits:
        return "select null::bigint where false", []
    return " union ".join(fit.keys for fit in fits), [one for fit in fits for one in fit.keys_params]


def like_literal(text: str) -> str:
    """The text as LIKE reads it to the letter."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _postcode(word: str) -> str:
    found = _POSTCODE.fullmatch(word)
    return (found[1] + found[2]).upper() if found else ""


def _number_apart(word: str) -> list[str]:
    """`3072ab12` is a postcode and a number."""
    found = re.fullmatch(rf"({_POSTCODE.pattern})-?({_HOUSE_NUMBER.pattern})", word)
    return [found[1], found[4]] if found else [word]


def _of_number(word: str, digits: str) -> list[Fit]:
    """A whole case number, its beginning, or its last three digits or more."""
    is_whole = len(word) >= 3 and digits
    fits = [Fit.of_number(Rank.CASE_NUMBER, "{} = %s", word.upper())] if is_whole else []
    if word.upper().startswith("ETF-"):
        like = f"{like_literal(word.upper())}%"
        fits.append(Fit.of_number(Rank.CASE_NUMBER_PART, "{} like %s", like, wide=True))
    elif len(digits) >= 3 and re.fullmatch(r"[0-9]+(?:-[0-9]+)?", word):
        like = f"{word[::-1]}%"
        fits.append(Fit.of_number(Rank.CASE_NUMBER_PART, "reverse({}) like %s", like))
    return fits


def _of_bsn(word: str) -> list[Fit]:
    """Nine digits that pass the eleven-test, by their fingerprint."""
    if not re.fullmatch(r"[0-9]{9}", word):
        return []
    with contextlib.suppress(ValueError):
        mark = fingerprint(values.read_bsn(word))
        # The condition of the index of BSNs.
        has = "left_on is null and bsn_fingerprint <> '' and bsn_fingerprint = %s"
        keys = f"select household_id from casework_member where {has}"
        row = f"exists (select from casework_member where household_id = household.id and {has})"
        return [Fit(Rank.BSN, keys, (mark,), row, (mark,))]
    return []


def _of_phone(word: str, digits: str) -> list[Fit]:
    """Kept as +316…; typed as 06…, 00316… or only the last four digits or more."""
    if len(digits) < 4 or not word.isascii() or re.search(r"[A-Za-z]", word):
        return []
    end = re.sub(r"^(0031|0)(?=\d{4})", "", digits)
    like = f"{end[::-1]}%"
    either = "(reverse(household.mobile) like %s or reverse(household.phone) like %s)"
    return [Fit.of_row(Rank.PHONE, either, like, like)]


def _of_birth(word: str, year: str, today: dt.date) -> list[Fit]:
    """A date of birth of a member, or the year of one."""
    if year:
        return [Fit.of_word(Rank.BORN, year, whole=False)]
    with contextlib.suppress(ValueError):
        return [Fit.of_word(Rank.BORN, f"{dates.read_date(word, today=today):%Y%m%d}", whole=True, wide=False)]
    return []


def _of_address(word: str, postcode: str) -> list[Fit]:
    """A postcode, or the number of a house at the postcode that stands beside it."""
    if not postcode:
        return []
    if _postcode(word):
        return [Fit.of_row(Rank.ADDRESS, "household.postcode = %s and household.postcode <> ''", _postcode(word))]
    found = _HOUSE_NUMBER.fullmatch(word)
    if not found:
        return []
    condition = "household.postcode = %s and household.postcode <> '' and household.house_number = %s"
    params = [postcode, found[1]]
    if found[2]:
        condition += " and lower(household.addition) = %s"
        params.append(found[2].lower())
    return [Fit.of_row(Rank.ADDRESS, condition, *params)]


def _of_name(folded: str) -> list[Fit]:
    """A word of a name, the beginning of one, or letters inside one."""
    if not folded:
        return []
    fits = [
        Fit.of_word(Rank.NAME, folded, whole=True),
        Fit.of_word(Rank.NAME_BEGINS, folded, whole=False),
    ]
    if len(folded) >= INSIDE_FROM:
        like = f"%{like_literal(folded)}%"
        fits.append(Fit.of_row(Rank.NAME_HOLDS, "household.search_name like %s", like, wide=True))
    return fits
