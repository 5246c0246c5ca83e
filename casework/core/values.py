"""Values that people type and machines check: BSN, IBAN, postcode, telephone, money (R-54 to R-58).

Each `read_…` takes what was typed and returns the stored form, or raises ValueError with a sentence that says what
to do. Each `show_…` takes the stored form and returns what the screen shows. All are pure.
"""

import re
from decimal import Decimal

import phonenumbers
from django.utils.translation import gettext as _
from stdnum import iban
from stdnum.nl import bsn

_POSTCODE = re.compile(r"([1-9][0-9]{3})\s*([A-Z]{2})")
_MAYBE_BSN = re.compile(r"(?<!\d)\d(?:[\s.]?\d){7,8}(?!\d)")
_MONEY = re.compile(r"(?P<minus>-?)(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<cents>\d{2}))?")
_MONEY_WITH_POINT = re.compile(r"(?P<minus>-?)(?P<whole>\d+)\.(?P<cents>\d{2})")


def read_bsn(typed: str) -> str:
    """Nine digits that pass the eleven-test (R-54); eight are padded. Spaces and dots are ignored."""
    digits = re.sub(r"[\s.]", "", typed)
    if not re.fullmatch(r"\d{8,9}", digits):
        raise ValueError(_("Enter a BSN of 9 digits, such as 999900109."))
    digits = digits.zfill(9)
    if not bsn.is_valid(digits) or int(digits) == 0:
        raise ValueError(_("This BSN does not pass the check. Look at the identity card and enter the 9 digits again."))
    return digits


def mask_bsn(digits: str) -> str:
    return "••••••" + digits[-3:]


def hide_bsns(text: str) -> str:
    """Free text with every number that may be a BSN masked: for places where one must never stand."""
    return _MAYBE_BSN.sub(lambda found: mask_bsn(found[0]) if _is_bsn(found[0]) else found[0], text)


def _is_bsn(typed: str) -> bool:
    try:
        return bool(read_bsn(typed))
    except ValueError:
        return False


def read_iban(typed: str) -> str:
    """Upper case without spaces, mod 97 = 1, and 18 characters for NL (R-55)."""
    compact = re.sub(r"\s", "", typed).upper()
    if not iban.is_valid(compact):
        raise ValueError(_("Enter a valid IBAN, such as NL91 ABNA 0417 1643 00."))
    return compact


def show_iban(value: str) -> str:
    return iban.format(value)


def read_postcode(typed: str) -> str:
    """`1234AB`: first digit 1–9, letters not SA, SD or SS (R-56)."""
    found = _POSTCODE.fullmatch(typed.strip().upper())
    if not found or found[2] in {"SA", "SD", "SS"}:
        raise ValueError(_("Enter a postcode of four digits and two letters, such as 3072 AB."))
    return found[1] + found[2]


def show_postcode(value: str) -> str:
    return f"{value[:4]} {value[4:]}" if value else ""


def read_phone(typed: str) -> str:
    """E.164 of a possible number; a number without a country is Dutch. Spaces, hyphens and brackets are fine (R-58)."""
    try:
        # The library would read letters as the digits of a keypad, and ignore what stands around a number.
        number = phonenumbers.parse(typed, "NL") if re.fullmatch(r"[\d\s()+./‑–-]+", typed) else None
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not phonenumbers.is_possible_number(number):
        raise ValueError(_("Enter a telephone number, such as 06 12 34 56 78."))
    if number.country_code == 31 and len(str(number.national_number)) != 9:
        raise ValueError(_("A Dutch telephone number has 10 digits, such as 06 12 34 56 78."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_mobile(number: str) -> bool:
    """Whether a stored number can get a text message: a Dutch 06 number (R-39). Wants E.164."""
    return bool(re.fullmatch(r"\+316\d{8}", number))


def show_phone(number: str) -> str:
    """A Dutch mobile as `06 12 34 56 78`, other numbers as their country writes them; what is no number as it was typed."""
    if is_mobile(number):
        digits = "0" + number[3:]
        return " ".join(digits[i : i + 2] for i in range(0, 10, 2))
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, "NL")
    except phonenumbers.NumberParseException:
        return number
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if parsed.country_code == 31 else style.INTERNATIONAL)


def read_money(typed: str) -> Decimal:
    """Euros to the cent (R-57). `1.234` is one thousand and more; `12.50` is twelve fifty; `1,234.56` is refused."""
    compact = re.sub(r"[\s\u00a0]", "", typed).removeprefix("€")
    found = _MONEY.fullmatch(compact) or _MONEY_WITH_POINT.fullmatch(compact)
    if not found:
        raise ValueError(_("Write the amount as 1234,56."))
    whole = found["whole"].replace(".", "")
    return Decimal(f"{found['minus']}{whole}.{found['cents'] or '00'}")


def show_money(amount: Decimal) -> str:
    """`€ 1.234,56`."""
    whole = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return f"€ {whole}"
