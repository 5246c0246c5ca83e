"""The arithmetic of figures: interval, rounding, words for small numbers (C2, C4, C8; W2, W12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.reports.reads import HIDDEN, Slice, hide_small, percentage, wilson


@pytest.mark.parametrize(
    ("events", "n", "text"),
    [
        (0, 12, "0,0% (0,0–24,2) · 0 van 12"),
        (12, 12, "100,0% (75,8–100,0) · 12 van 12"),
        (3, 7, "te weinig (3 van 7)"),
        (3780, 4154, "91,0% (90,1–91,8) · 3780 van 4154"),
        (24, 204, "11,8% (8,0–16,9) · 24 van 204"),
        (180, 204, "88,2% (83,1–92,0) · 180 van 204"),
        (36, 216, "16,7% (12,3–22,2) · 36 van 216"),
        (36, 240, "15,0% (11,0–20,1) · 36 van 240"),
        (3, 60, "5,0% (1,7–13,7) · 3 van 60"),
        (3, 9, "te weinig (3 van 9)"),
        (3, 10, "30,0% (10,8–60,3) · 3 van 10"),
        (0, 0, "te weinig (0 van 0)"),
    ],
)
def test_a_rate_shows_interval_and_counts(events, n, text):
    assert Slice("", events, n).text == text


@pytest.mark.parametrize(("n", "few"), [(9, False), (10, True), (29, True), (30, False)])
def test_few_is_ten_to_twenty_nine(n, few):
    assert Slice("", 1, n).few is few


def test_the_interval_is_exact_at_the_edges():
    assert wilson(0, 12).low == 0.0
    assert wilson(12, 12).high == 1.0


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors(pair):
    events, n = pair
    one, other = wilson(events, n), wilson(n - events, n)
    assert 0 <= one.low <= one.value <= one.high <= 1
    assert one.low == pytest.approx(1 - other.high)
    assert one.high == pytest.approx(1 - other.low)


@pytest.mark.parametrize(("events", "n"), [(-1, 5), (6, 5), (0, 0)])
def test_what_is_no_proportion_is_refused(events, n):
    with pytest.raises(ValueError, match="not a proportion"):
        wilson(events, n)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0005, "0,1"), (0.00049, "0,0"), (0.1125, "11,3"), (0.5745, "57,5"), (1.0, "100,0"), (1e-7, "0,0")],
)
def test_percentages_round_half_up(share, text):
    assert percentage(share) == text


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([12, 3, 9], [12, "<5", HIDDEN]),
        ([12, 3, 4, 9], [12, "<5", "<5", 9]),
        ([12, 5, 0], [12, 5, 0]),
        ([3, 0, 0], ["<5", 0, 0]),
        ([1, 0, 7], ["<5", 0, HIDDEN]),
        ([], []),
    ],
)
def test_small_counts_do_not_leave_the_team(counts, shown):
    assert hide_small(counts) == shown
