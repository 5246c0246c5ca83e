"""What counts by date, and is read by a process once per date (decision 0052)."""

import datetime as dt
from collections.abc import Callable
from typing import Generic, TypeVar

from casework.core import clock

Rows = TypeVar("Rows")


class ReadOncePerDate(Generic[Rows]):
    """Rows that count from a date after the one on which they came, and are never changed.

    So nothing can come any more for a date up to and including the one on which the table was read. What was read for a
    date still to come is never gone by: a later date is read anew.
    """

    def __init__(self, read: Callable[[], Rows]):
        self._read = read
        self._known: tuple[dt.date, Rows] | None = None

    def complete_for(self, date: dt.date) -> Rows:
        """No query, but for the first of a date in a process."""
        if self._known is None or date > self._known[0]:
            self.remember(self._read(), until=clock.today())
        return self._known[1]

    def remember(self, rows: Rows, *, until: dt.date) -> None:
        """Let this process go by these rows up to and including a date. Also for tests, which start from none."""
        self._known = until, rows

    def forget(self) -> None:
        """Let this process read the table again. For tests: in use nothing that it remembers can change."""
        self._known = None
