"""A scenario file as plain data, and every problem of its form at once."""

import datetime as dt
import json
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

from casework.core import clock
from casework.core.refusals import Refused

SCHEMA = Path(__file__).parents[2] / "schemas" / "scenario.json"
LATER_KEYS = ("referrals", "youth_fund", "signals", "contact_attempts", "signal_results", "measurements")
# Moments outside these years are typing errors, and calendars run out.
FIRST_YEAR, LAST_YEAR = 1900, 2100
_FORMATS = FormatChecker(["date"])


@_FORMATS.checks("etf-moment", raises=(ValueError, OverflowError))
def _is_moment(value) -> bool:
    return not isinstance(value, str) or FIRST_YEAR <= clock.moment(value).year <= LAST_YEAR


@_FORMATS.checks("etf-date", raises=ValueError)
def _is_date(value) -> bool:
    if not isinstance(value, str):
        return True
    return len(value) == 10 and FIRST_YEAR <= dt.date.fromisoformat(value).year <= LAST_YEAR


@_FORMATS.checks("etf-text")
def _is_text(value) -> bool:
    """Without the characters that no database keeps."""
    return not isinstance(value, str) or not any(one == "\x00" or 0xD800 <= ord(one) <= 0xDFFF for one in value)


# What each format wants, in the words of the contract.
_WANTED = {
    "etf-date": "a date like 2026-11-02",
    "etf-moment": "a moment like 2026-11-02T09:00, with or without offset",
    "etf-text": "text without control characters",
}


class BadScenario(Refused):
    """The file is not valid: `errors` has one line per problem, each with its path."""

    def __init__(self, errors: list[str]):
        super().__init__("\n".join(errors))
        self.errors = errors


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text()), format_checker=_FORMATS)


def read_scenario(text: str) -> dict:
    """The scenario as plain data. Raises BadScenario with every problem of its form."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadScenario([f"$: not JSON (line {error.lineno})"]) from error
    except (ValueError, RecursionError) as error:
        raise BadScenario(["$: not JSON"]) from error
    if not isinstance(data, dict):
        raise BadScenario(["$: a scenario is one JSON object"])
    later = [f"{key}: belongs to a feature that ETF does not have yet" for key in LATER_KEYS if key in data]
    known = {key: value for key, value in data.items() if key not in LATER_KEYS}
    if errors := later + _form_errors(known) + _twice(known):
        raise BadScenario(errors)
    return data


def _form_errors(data: dict) -> list[str]:
    lines = []
    for error in sorted(_validator().iter_errors(data), key=_in_order):
        path = path_of(error.absolute_path)
        if error.validator == "additionalProperties":
            extra = sorted(set(error.instance) - set(error.schema["properties"]))
            lines += [f"{path}.{key}: unknown key" if path != "$" else f"{key}: unknown key" for key in extra]
        elif error.validator == "format":
            lines.append(f"{path}: {_shown(error.instance)} is not {_WANTED[error.validator_value]}")
        else:
            lines.append(f"{path}: {error.message[:300]}")
    return lines


def _shown(value) -> str:
    return ascii(value)[:80] if not _is_text(value) else repr(value)[:80]


def _in_order(error) -> list[tuple]:
    """By place in the file: the tenth appointment after the second."""
    return [(0, part, "") if isinstance(part, int) else (1, 0, part) for part in error.absolute_path]


def path_of(parts) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "$"


NATURAL_KEYS = {
    "calendar": ("date",), "locations": ("code",), "types": ("code",), "organisations": ("code",),
    "staff": ("username",), "households": ("case_number",), "appointments": ("ref",),
    "debt_files": ("household", "opened"),
}  # fmt: skip


def natural_key(key: str, raw: dict) -> tuple:
    return tuple(raw.get(name) for name in NATURAL_KEYS[key])


def _twice(data: dict) -> list[str]:
    """The same natural key twice in one file would make the second overwrite or vanish."""
    lines = []
    for key, names in NATURAL_KEYS.items():
        rows, seen = data.get(key), set()
        for number, raw in enumerate(rows if isinstance(rows, list) else []):
            found = json.dumps(natural_key(key, raw)) if isinstance(raw, dict) else None
            if found and all(name in raw for name in names):
                if found in seen:
                    lines.append(f"{key}[{number}].{names[-1]}: is there twice")
                seen.add(found)
    return lines
