"""The rules of C6, with W4 exactly."""

import pytest

from casework.reports.reads.chance import p_chart

W4 = [(38, 340), (31, 310), (45, 365), (40, 350), (44, 372), (37, 345), (36, 338), (41, 360), (43, 355), (34, 330),
      (39, 348), (40, 352), (58, 301)]  # fmt: skip


def test_the_worked_example():
    chart = p_chart(W4)
    limits = chart.limits(12)
    assert (round(100 * limits.mean, 2), round(100 * limits.low, 2), round(100 * limits.high, 2)) == (
        11.24,
        5.78,
        16.70,
    )
    assert chart.wider == 1.0
    assert chart.signal(12) == 1
    assert [chart.signal(period) for period in range(12)] == [0] * 12


@pytest.mark.parametrize(
    ("later", "signal"),
    [
        ([10], 0), ([25], 1), ([0], -1), ([11] * 7, 1), ([11] * 6, 0), ([9] * 7, -1),
        ([17, 10, 17], 1), ([17, 10, 10], 0), ([3, 3], -1), ([7, 8, 9, 10, 11, 12, 13], 1), ([13, 12, 11, 10, 9, 8, 7], -1),
    ],
)  # fmt: skip
def test_each_rule(later, signal):
    """A hundred a month, ten of which in the baseline (the deviation is 3): eleven is just above the mean."""
    chart = p_chart([(10, 100)] * 12 + [(one, 100) for one in later])
    assert chart.signal(11 + len(later)) == signal


def test_a_baseline_that_varies_more_than_chance_has_wider_limits():
    chart = p_chart([(5, 100), (15, 100)] * 6 + [(22, 100)])
    assert chart.wider > 1.2
    assert chart.signal(12) == 0


def test_nothing_or_everything_is_no_division_by_nought():
    assert p_chart([(0, 40)] * 13).signal(12) == 0
    assert p_chart([(40, 40)] * 13).signal(12) == 0
