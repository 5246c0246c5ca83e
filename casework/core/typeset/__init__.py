"""Letters as PDF that a screen reader can read out (PDF/UA-1), for whatever part of ETF writes one (decision 0063).

What is written goes to the typesetter as data, never as source, so that nothing in it is a command. Fonts are those of this
folder and no others: a letter looks the same on every machine. Nothing is kept on disk; the same letters with the same date
give the same bytes.
"""

import datetime as dt
import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

import typst
from django.conf import settings
from django.http import HttpResponse

from casework.core import dates

_HERE = Path(__file__).parent
# Where pictures and emoji begin; an `°` or `№` before it is a sign that people write.
_PICTURES = 0x2600


class CannotBeTypeset(Exception):
    """A script that the font does not have, or an address that the window of an envelope does not show. Says nothing of it."""


@dataclass(frozen=True)
class Letter:
    """One letter: `address` are the lines that stand in the window, `text` has paragraphs with an empty line between them."""

    language: str
    address: tuple[str, ...]
    subject: str
    text: str


def pdf_of(letters: list[Letter], *, title: str, language: str, on: dt.date) -> bytes:
    """One document with each letter on a sheet of its own. Raises CannotBeTypeset."""
    given = {
        "title": title, "language": language, "year": on.year, "month": on.month, "day": on.day,
        "sender": settings.MUNICIPALITY_NAME, "return_line": settings.MUNICIPALITY_RETURN_ADDRESS,
        "letters": [_as_data(one, on) for one in letters],
    }  # fmt: skip
    try:
        return typst.compile(
            _HERE / "letters.typ", root=_HERE, font_paths=[_HERE / "fonts"], ignore_system_fonts=True, format="pdf",
            pdf_standards=["ua-1"], sys_inputs={"given": json.dumps(given)},
        )  # fmt: skip
    except typst.TypstError:
        # Its words quote the letter.
        raise CannotBeTypeset from None


def as_file(document: bytes, name: str) -> HttpResponse:
    """To keep and print, not to show in the browser; the name says nothing of anybody."""
    answer = HttpResponse(document, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _as_data(letter: Letter, on: dt.date) -> dict:
    paragraphs = re.split(r"\n\s*\n", _printable(letter.text).strip())
    return asdict(letter) | {
        "address": [_printable(line) for line in letter.address],
        "subject": _printable(letter.subject),
        "date": f"{on.day} {dates.MONTHS[letter.language][on.month - 1]} {on.year}",
        "page": {"nl": "Pagina", "en": "Page"}[letter.language],
        "paragraphs": [[line.strip() for line in one.splitlines()] for one in paragraphs],
    }


def _printable(text: str) -> str:
    """Without pictures and signs that nobody sees: they are no reason not to write to somebody."""
    return "".join(one for one in unicodedata.normalize("NFC", text) if one == "\n" or not _is_unseen(one))


def _is_unseen(one: str) -> bool:
    kind = unicodedata.category(one)
    return kind in {"Cc", "Cf", "Cn", "Co", "Cs"} or (ord(one) >= _PICTURES and kind in {"So", "Sk", "Mn"})
