"""How many text-message parts a text takes (R-41): 3GPP TS 23.038, default alphabet and extension."""

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = set("^{}\\[~]|€\f")
_ONE_GSM7, _EACH_GSM7 = 160, 153
_ONE_UCS2, _EACH_UCS2 = 70, 67


def outside(text: str) -> set[str]:
    """The characters that do not exist in GSM-7; one of them halves what fits."""
    return set(text) - _BASIC - _EXTENSION


def limit(text: str) -> int:
    """What fits in one text message: 160 septets, or 70 UTF-16 units when a character is not in GSM-7."""
    return _ONE_UCS2 if outside(text) else _ONE_GSM7


def length(text: str) -> int:
    """Septets for a GSM-7 text (an extension character counts double), otherwise UTF-16 units."""
    return sum(_sizes(text))


def parts(text: str) -> int:
    """Text messages needed: 160 in one, 153 in each of several; 70 and 67 when not GSM-7.

    A character of two units is never cut in two: it goes to the next part as a whole.
    """
    sizes = _sizes(text)
    if sum(sizes) <= limit(text):
        return 1
    each = _EACH_UCS2 if outside(text) else _EACH_GSM7
    number, room = 0, 0
    for size in sizes:
        if size > room:
            number, room = number + 1, each
        room -= size
    return number


def _sizes(text: str) -> list[int]:
    """Per character, one or two."""
    if outside(text):
        return [len(ch.encode("utf-16-be", "surrogatepass")) // 2 for ch in text]
    return [1 + (ch in _EXTENSION) for ch in text]
