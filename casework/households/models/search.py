"""What somebody typed to find a household, as rows it fits (S05, R-51)."""

import contextlib
import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import Q

from casework.core import dates, names, values
from casework.core.encryption import fingerprint

# What people type with spaces in it and mean as one: `17 mei 1984`, `17 5 1984`, `06 12 34 56 78`, `3072 AB`.
_SPACED = (
    re.compile(r"\b\d{1,2} +(?:[a-z]{3,}\.?|\d{1,2}) +(?:\d{4}|\d{2})\b(?! *\d)", re.IGNORECASE),
    re.compile(r"(?:\+31|\b0)[\d()\-]*(?: +[\d()\-]+)+"),
    re.compile(r"\b[1-9]\d{3} +[a-z]{2}\b", re.IGNORECASE),
)


# Stands for a space inside a term; nobody types it, and `split` does not take it for a space.
_GLUE = "\ue000"


# Enough for any name with a date and a postcode; more would only make the query long.
MOST_TERMS = 8


@dataclass(frozen=True)
class SearchTerm:
    """One word somebody typed to find a household, and the rows it fits (S05, R-51)."""

    typed: str
    condition: Q

    @classmethod
    def all_from(cls, text: str, *, today: dt.date, by_bsn: bool = False) -> list["SearchTerm"]:
        """The terms of what was typed; a date, telephone number or postcode with spaces in it is one term.

        `by_bsn`: a whole BSN finds who has it (S05, R-90a).
        """
        glued = text
        for spaced in _SPACED:
            glued = spaced.sub(lambda found: re.sub(r"[\s()]+", _GLUE, found[0].strip()), glued)
        words = [word.replace(_GLUE, " ").strip() for word in glued.split()]
        terms = [cls(word, _fits(word, today)) for word in words if re.search(r"\w", word)][:MOST_TERMS]
        return [cls(one.typed, one.condition | _of_bsn(one.typed)) for one in terms] if by_bsn else terms


def _of_bsn(word: str) -> Q:
    """Nine digits that pass the eleven-test, by their fingerprint."""
    if re.fullmatch(r"[0-9]{9}", word):
        with contextlib.suppress(ValueError):
            return Q(members__bsn_fingerprint=fingerprint(values.read_bsn(word)))
    return Q(pk=None)


def _fits(word: str, today: dt.date) -> Q:
    """Everything a word may be: part of a name, a case number, a date of birth, the end of a number, a postcode."""
    condition = Q(search_name__contains=names.fold(word)) if names.fold(word) else Q(pk=None)
    digits = re.sub(r"\D", "", word)
    word = re.sub(r"(?<=\d{4}) (?=[A-Za-z]{2}$)", "", word)
    if word.upper().startswith("ETF-"):
        condition |= Q(case_number__contains=word.upper())
    elif len(digits) >= 3 and digits == word:
        condition |= Q(case_number__endswith=digits)
    if len(digits) >= 4 and not re.search(r"[A-Za-z]", word):
        # Kept as +316…; typed as 06…, 00316… or only the last digits.
        end = re.sub(r"^(0031|0)(?=\d{4})", "", digits)
        condition |= Q(mobile__endswith=end) | Q(phone__endswith=end)
    if digits == word and len(digits) == 4 and int(digits) >= dt.MINYEAR:
        condition |= Q(members__born__year=int(digits))
    if digits == word and len(digits) <= 4:
        condition |= Q(house_number=word)
    with contextlib.suppress(ValueError):
        condition |= Q(members__born=dates.read_date(word, today=today))
    if re.fullmatch(r"[1-9]\d{3}[A-Za-z]{2}", word):
        condition |= Q(postcode=word.upper())
    return condition
