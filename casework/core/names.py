"""Names of people: how they are kept, shown, sorted and found (R-50, R-51)."""

import itertools
import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ĳ": "ij", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h"}
)
_JOINERS = re.compile(r"[\s'’‘`´\-‐‑–—.]+")

PREFIXES = (
    "van der", "van den", "van de", "van het", "van 't", "van", "von der", "von", "de la", "de", "den", "der", "ter",
    "ten", "te", "in 't", "in de", "in het", "'t", "'s", "op de", "op den", "op 't", "uit de", "uit den", "uit het",
    "aan de", "aan den", "bij de", "onder de", "over de", "voor de", "d'", "du", "des", "la", "le", "della", "di", "da",
    "dos", "das", "do",
)  # fmt: skip


def clean(typed: str) -> str:
    """A name as typed, in NFC, with single spaces and no space at the ends."""
    return unicodedata.normalize("NFC", " ".join(typed.split()))


def fold(text: str) -> str:
    """Small letters without accents, spaces, hyphens or apostrophes: `d'Angelo` → `dangelo`, `Işık` → `isik`.

    Folding what was folded changes nothing.
    """
    plain = unicodedata.normalize("NFKD", text.replace("İ", "i")).lower().translate(_LETTERS)
    apart = unicodedata.normalize("NFKD", plain)
    bare = "".join(ch for ch in apart if not unicodedata.combining(ch)).lower().translate(_LETTERS)
    return _JOINERS.sub("", unicodedata.normalize("NFC", bare))


def search_words(given_names: str, prefix: str, surname: str) -> list[str]:
    """Every word that somebody may be looked for by, folded, each once (R-51).

    Names whole and in their parts: Anne-Marie van den Berg by `annemarie`, `anne`, `vandenberg`, `berg` and `van`.
    """
    wholes = (given_names, prefix + surname, surname)
    parts = _JOINERS.split(f"{given_names} {prefix} {surname}")
    return list(dict.fromkeys(filter(None, map(fold, (*wholes, *parts)))))


def mark(text: str, folded: list[str]) -> list[tuple[str, bool]]:
    """The text in pieces, and of each whether it is what was looked for; together they are the text (S05).

    Of each word the first place where a word of the text begins with it, else the first place that holds it.
    """
    signs = [(place, sign) for place, letter in enumerate(text) for sign in fold(letter)]
    flat = "".join(sign for _place, sign in signs)
    begins = [at for at, (place, _sign) in enumerate(signs) if place == 0 or _JOINERS.fullmatch(text[place - 1])]
    found: set[int] = set()
    for word in filter(None, folded):
        at = next((at for at in begins if flat.startswith(word, at)), flat.find(word))
        if at >= 0:
            found.update(range(signs[at][0], signs[at + len(word) - 1][0] + 1))
    grouped = itertools.groupby(enumerate(text), key=lambda one: one[0] in found)
    return [("".join(letter for _place, letter in letters), is_found) for is_found, letters in grouped]


def split_prefix(surname: str) -> tuple[str, str]:
    """`van den Berg` → (`van den`, `Berg`). Only small letters count: `El Amrani` and `Ben Ali` are whole surnames."""
    for prefix in sorted(PREFIXES, key=len, reverse=True):
        glued = prefix.endswith("'")
        lead = prefix if glued else prefix + " "
        if surname.startswith(lead) and len(surname) > len(lead):
            return prefix, surname[len(lead) :].strip()
    return "", surname


def capitalise(surname: str) -> str:
    """A surname with a capital; the Dutch IJ is one letter: `ijsselstein` → `IJsselstein`."""
    if surname[:2].lower() == "ij":
        return "IJ" + surname[2:]
    return surname[:1].upper() + surname[1:]


def full_name(given_names: str, prefix: str, surname: str) -> str:
    joiner = "" if prefix.endswith("'") and prefix.startswith("d") else " "
    last = f"{prefix}{joiner}{surname}" if prefix else surname
    return f"{given_names} {last}".strip()


def sort_name(given_names: str, prefix: str, surname: str) -> str:
    """What lists are sorted by: surname without prefix, folded, then prefix, then first names (R-50)."""
    return " ".join((fold(surname) or "~", fold(prefix) or "-", fold(given_names))).strip()


def initial_name(given_names: str, surname: str) -> str:
    """`Fatou N.`: for a screen that others may see."""
    return f"{given_names.split(' ')[0]} {surname[:1]}.".strip() if surname else given_names
