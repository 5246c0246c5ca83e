"""Windows, moments and expiry over all dates of a year with both clock changes (R-30 to R-35)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core import clock
from casework.messaging.models import MessageKind
from casework.messaging.window import Window, expires_at
from tests import make

DATES = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
# Talks start at the quarter, inside any opening hours.
STARTS = st.tuples(DATES, st.integers(7 * 4, 20 * 4)).map(
    lambda pair: clock.at(pair[0], dt.time(pair[1] // 4, pair[1] % 4 * 15))
)
CLOSED = st.frozensets(DATES, max_size=30)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-02 07:59:59", False), ("2026-11-02 08:00", True), ("2026-11-02 19:59:59", True),
        ("2026-11-02 20:00", False), ("2026-11-07 12:00", True), ("2026-11-08 12:00", False),
        ("2026-03-29 12:00", False), ("2026-10-26 08:00", True), ("2026-10-24 19:59", True),
    ],
)  # fmt: skip
def test_the_edges_of_the_window(moment, is_open):
    assert Window(frozenset()).is_open(make.moment(moment)) is is_open


@given(STARTS, CLOSED)
def test_two_days_before_is_at_ten_in_the_window_never_later(start, closed):
    due, window = Window(closed).two_days_before(start), Window(closed)
    local = clock.local(due)
    assert window.is_open(due)
    assert local.time() == dt.time(10)
    wanted = clock.local_date(start) - dt.timedelta(days=2)
    assert local.date() <= wanted
    # The nearest such day: none in between has a window.
    between = (wanted - dt.timedelta(days=n) for n in range((wanted - local.date()).days))
    assert not any(window.has(date) for date in between)


@given(STARTS, CLOSED)
def test_the_same_day_reminder(start, closed):
    window, local = Window(closed), clock.local(start)
    due = window.same_day(start)
    late = local.time() >= dt.time(10)
    date = local.date() if late else local.date() - dt.timedelta(days=1)
    assert (due is None) is (not window.has(date))
    if due:
        assert clock.local(due).date() == date
        assert clock.local(due).time() == (dt.time(8) if late else dt.time(17))
        assert window.is_open(due)


@given(STARTS, CLOSED, st.sampled_from(MessageKind))
def test_a_message_lives_until_it_is_of_no_use(start, closed, kind):
    window = Window(closed)
    due = {
        MessageKind.TWO_DAYS_BEFORE: window.two_days_before(start),
        MessageKind.SAME_DAY: window.same_day(start),
    }.get(kind, start - dt.timedelta(days=3))
    if due is None:
        return
    end = expires_at(kind, start, due)
    assert end >= due
    latest = {MessageKind.TWO_DAYS_BEFORE: start - 24 * HOUR, MessageKind.SAME_DAY: start - HOUR}.get(kind, start)
    if kind != MessageKind.MISSED:
        assert end == max(latest, due)
        assert end <= start
    else:
        assert end == start + dt.timedelta(days=14)


def test_elapsed_hours_and_wall_time_part_when_the_clock_changes():
    """T-2 of Monday 30 March 2026, 09:00: until 24 elapsed hours before, which is Sunday 09:00 wall time."""
    start = make.moment("2026-03-30 09:00")
    due = Window(frozenset()).two_days_before(start)
    assert clock.local(due).isoformat() == "2026-03-28T10:00:00+01:00"
    assert clock.local(expires_at(MessageKind.TWO_DAYS_BEFORE, start, due)).isoformat() == "2026-03-29T09:00:00+02:00"
    autumn = make.moment("2026-10-26 09:00")
    end = expires_at(MessageKind.TWO_DAYS_BEFORE, autumn, make.moment("2026-10-24 10:00"))
    assert clock.local(end).isoformat() == "2026-10-25T09:00:00+01:00"
    # In the night itself: 24 hours before 02:30 on Sunday is 02:30 on Saturday, although the wall shows an hour more.
    night = expires_at(
        MessageKind.TWO_DAYS_BEFORE, make.moment("2026-10-25T12:00+01:00"), make.moment("2026-10-23 10:00")
    )
    assert clock.local(night).isoformat() == "2026-10-24T13:00:00+02:00"
