"""How many text-message parts a text takes (R-41): 3GPP TS 23.038, default alphabet and extension."""

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = set("^{}\\[~]|€\f")


def outside(text: str) -> set[str]:
    """The characters that do not exist in GSM-7; one of them halves what fits."""
    return set(text) - _BASIC - _EXTENSION


def length(text: str) -> int:
    """Septets for a GSM-7 text (an extension character counts double), otherwise UTF-16 units."""
    if outside(text):
        return len(text.encode("utf-16-be")) // 2
    return len(text) + sum(ch in _EXTENSION for ch in text)


def parts(text: str) -> int:
    """Text messages needed: 160 in one, 153 in each of several; 70 and 67 when not GSM-7."""
    one, each = (70, 67) if outside(text) else (160, 153)
    size = length(text)
    return 1 if size <= one else -(-size // each)
