"""A delivery as a file: read as plain data, held against the published schema, and reported on."""

import json
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from casework.core.refusals import Refused

SCHEMA = Path(__file__).parents[2] / "schemas" / "shv-schema-1.0.json"
# Words outside the list of the standard whose meaning is plain; used by the published example itself.
READ_AS = {
    "Toewijzingsbeschikking": "Toelatingsbeschikking",
    "Zelfstandig verder": "Zelf",
    "Niet verschenen": "Nietverschenen",
}
# The standard goes some eight levels deep; a file that goes much deeper is no delivery.
DEEPEST = 40


class NotADelivery(Refused):
    """The file cannot be read as a delivery at all; nothing was written."""


@dataclass(frozen=True)
class Remark:
    """One deviation: where, what is wrong, and what was done about it."""

    path: str
    problem: str
    done: str


@dataclass
class ImportReport:
    """What became of a delivery. `deviations` break the schema; `remarks` fit it and are still not right."""

    imported: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    rejected: list[Remark] = field(default_factory=list)
    deviations: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def as_json(self) -> dict:
        return asdict(self)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text()), format_checker=FormatChecker())


def read_delivery(text: str) -> dict:
    """The delivery as plain data. Raises NotADelivery with what is wrong."""
    try:
        data = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise NotADelivery(
            _("This file is not JSON (line %(line)s). Ask the supplier for a whole file.") % {"line": error.lineno}
        ) from error
    except (ValueError, RecursionError) as error:
        raise NotADelivery(_("This file is not JSON. Ask the supplier for a whole file.")) from error
    if not isinstance(data, dict) or not isinstance(data.get("leveringen"), list) or _too_deep(data):
        raise NotADelivery(_("This file is not a DDAS delivery: it has no list “leveringen”."))
    return data


def _no_number(word: str):
    raise ValueError(word)


def _too_deep(data) -> bool:
    """Whether values lie inside each other deeper than any delivery; walked level by level, without recursion."""
    level = [data]
    for _depth in range(DEEPEST):
        level = [
            inner
            for value in level
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
    return bool(level)


def path_of(parts) -> str:
    """`leveringen[0].client` from a list of keys and numbers."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "$"


def _in_order(error: ValidationError) -> list[tuple]:
    """By place in the file: the tenth trajectory after the second."""
    return [(0, part, "") if isinstance(part, int) else (1, 0, part) for part in error.absolute_path]


def deviations(data: dict, report: ImportReport) -> list[Remark]:
    """Every place where the delivery breaks the published schema, in order, and what was done about it."""
    found = sorted(_validator().iter_errors(data), key=_in_order)
    rejected, left = [one.path for one in report.rejected], report.different
    remarks = []
    for error in found:
        path = path_of(error.absolute_path)
        if _is_inside(path, rejected):
            done = _("rejected with its trajectory")
        elif _is_inside(path, left):
            done = _("left as it was")
        else:
            done = _what_is_done(error)
        remarks.append(Remark(path, _problem(error), done))
    return remarks


def _is_inside(path: str, others: list[str]) -> bool:
    return any(path == other or path.startswith((f"{other}.", f"{other}[")) for other in others)


def _problem(error: ValidationError) -> str:
    """The problem in one line. Values that may identify somebody are not repeated."""
    if error.validator == "type":
        return _("expected %(type)s, found %(found)s") % {
            "type": error.validator_value, "found": "null" if error.instance is None else type(error.instance).__name__,
        }  # fmt: skip
    if error.validator == "enum":
        return _("“%(value)s” is not in the list") % {"value": _shown(error.instance)}
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        extra = sorted(set(error.instance) - set(known))
        return _("unknown keys: %(keys)s") % {"keys": ", ".join(map(_shown, extra))}
    if error.validator == "required":
        # One error per missing key; the validator says which only in its own words.
        missing = [key for key in error.validator_value if error.message.startswith(repr(key))]
        return _("missing: %(keys)s") % {"keys": ", ".join(missing)}
    return _("does not fit the rule “%(rule)s”") % {"rule": error.validator}


def _shown(value) -> str:
    """Something from outside, short and with only characters that a screen can show."""
    return "".join(one if one.isprintable() else "�" for one in str(value)[:60])


def _what_is_done(error: ValidationError) -> str:
    """For a deviation outside rejected trajectories: what the import made of it."""
    if error.instance is None or error.instance == "":
        return _("read as empty")
    if error.validator == "enum" and isinstance(error.instance, str) and error.instance in READ_AS:
        return _("read as “%(word)s”") % {"word": READ_AS[error.instance]}
    if error.validator == "type" and isinstance(error.instance, float):
        return _("read as it stands")
    return _("ignored")
