"""What loading every key of a scenario has in common: errors with their paths, rows by natural key, and counting."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from casework.core.refusals import Refused
from casework.exchange.actions.scenario.reading import natural_key

# The key of the file that a named object stands under.
_LISTED_UNDER = {
    "location": "locations", "type": "types", "organisation": "organisations", "staff": "staff",
    "household": "households", "appointment": "appointments",
}  # fmt: skip


class Unsound(Exception):
    """This object cannot be made; why is noted already."""


@dataclass
class ScenarioReport:
    """How many objects of each key were made, changed or found as they are."""

    made: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)

    @property
    def nothing_changed(self) -> bool:
        return not self.made and not self.changed

    def add(self, key: str, *, made: bool = False, changed: bool = False) -> None:
        counts = self.made if made else self.changed if changed else self.found
        counts[key] = counts.get(key, 0) + 1


class Loader:
    """Loads object after object, each in its own savepoint, and goes on after an error to find the others."""

    def __init__(self, data: dict, now: dt.datetime):
        self.data, self.now = data, now
        self.report, self.errors = ScenarioReport(), []
        self._failed: set[tuple] = set()
        self._sound = True

    def each(self, key: str, load_one: Callable, *, in_order_of: Callable | None = None) -> None:
        """Load every object of a key with `load_one(loader, raw, path)`; paths keep the order of the file."""
        rows: Iterable = enumerate(self.data.get(key, []))
        if in_order_of:
            rows = sorted(rows, key=lambda row: in_order_of(row[1]))
        for number, raw in rows:
            if not self._attempt(load_one, raw, f"{key}[{number}]"):
                self._failed.add((key, natural_key(key, raw)))

    def _attempt(self, load_one: Callable, raw: dict, path: str) -> bool:
        self._sound = True
        try:
            with transaction.atomic():
                load_one(self, raw, path)
                self.stop_if_unsound()
            return True
        except Unsound:
            pass
        except ValidationError as error:
            self.errors += [f"{path}: {message}" for message in error.messages]
        except (Refused, ValueError) as error:
            self.errors.append(f"{path}: {error}")
        except IntegrityError as error:
            name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "a constraint"
            self.errors.append(f"{path}: against the rule {name}")
        except DataError:
            self.errors.append(f"{path}: a value is too long or too large")
        return False

    def wrong(self, path: str, problem: str) -> None:
        """Note an error and go on, so that the others of this object are found too; `stop_if_unsound` stops."""
        self.errors.append(f"{path}: {problem}")
        self._sound = False

    def stop_if_unsound(self) -> None:
        if not self._sound:
            raise Unsound

    def find(self, model, path: str, what: str, **lookup):
        """An object that is named elsewhere; None, and an error at the path of the name, when there is none.

        What stands in this file and failed itself is not called missing as well.
        """
        found = model.objects.filter(**lookup).first()
        if found is None:
            name = next(iter(lookup.values()))
            self._sound = False
            if (_LISTED_UNDER[what], (name,)) not in self._failed:
                self.errors.append(f'{path}: no {what} "{name}"')
        return found

    def read(self, reader: Callable[[str], str], typed: str | None, path: str) -> str:
        """A value as people type it, or an error at its path."""
        try:
            return reader(typed) if typed else ""
        except ValueError as error:
            self.wrong(path, str(error))
            return ""

    def store(self, model, natural: dict, wanted: dict) -> tuple:
        """Find by natural key; make it, or change what differs. The row, whether it is new, whether it changed."""
        row = model.objects.filter(**natural).first()
        is_new = row is None
        row = model(**natural) if is_new else row
        differs = {name: value for name, value in wanted.items() if is_new or getattr(row, name) != value}
        for name, value in differs.items():
            setattr(row, name, value)
        if differs:
            row.full_clean(exclude=["sort_name"])
            row.save()
        return row, is_new, bool(differs)

    def replace(self, rows, wanted: list, facts: Callable) -> bool:
        """Replace the rows that hang under an object when they differ from what is wanted; whether they did."""
        if sorted(map(facts, rows.all()), key=repr) == sorted(map(facts, wanted), key=repr):
            return False
        rows.all().delete()
        for row in wanted:
            row.full_clean()
            row.save()
        return True
