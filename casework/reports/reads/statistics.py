"""The statistics of figures.md. Pure functions."""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# C2: the 95 % Wilson score interval.
Z = 1.959964
# C4: below the first no percentage; below the second a badge *few*.
TOO_FEW, FEW = 10, 30
# C8: smaller counts do not leave the team.
SMALL = 5


@dataclass(frozen=True)
class Interval:
    """A proportion with its 95 % interval, all between 0 and 1."""

    value: float
    low: float
    high: float


def wilson(events: int, n: int) -> Interval:
    """The Wilson score interval (Wilson 1927); exactly 0 at 0 events and exactly 1 at n events. Wants n ≥ 1."""
    if not 0 <= events <= n or n < 1:
        raise ValueError(f"{events} events out of {n} is not a proportion")
    share, square = events / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    low = 0.0 if events == 0 else max(0.0, middle - half)
    high = 1.0 if events == n else min(1.0, middle + half)
    return Interval(share, low, high)


def newcombe(one: tuple[int, int], other: tuple[int, int]) -> Interval:
    """The difference of two proportions with Newcombe's interval of their Wilson intervals (1998, method 10); -1 to 1."""
    first, second = wilson(*one), wilson(*other)
    value = first.value - second.value
    down = math.hypot(first.value - first.low, second.high - second.value)
    up = math.hypot(first.high - first.value, second.value - second.low)
    return Interval(value, value - down, value + up)


def rounded(share: float) -> Decimal:
    """A share as a percentage with one decimal, half up (C2)."""
    # From the shortest text of the float: 0.0125 is exactly that, not 0.01249….
    return (Decimal(repr(share)) * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def percentage(share: float) -> str:
    """`11,8`: as `rounded`, with a comma."""
    return str(rounded(share)).replace(".", ",")


HIDDEN = "–"


def hide_small(counts: list[int]) -> list[int | str]:
    """One column of a table that leaves the team, shown with its total (C8, W12).

    1 to 4 become `<5`. If that hides exactly one cell, the next smallest is hidden too, so that the total does not tell.
    """
    shown: list[int | str] = [f"<{SMALL}" if 0 < one < SMALL else one for one in counts]
    rest = [one for one in counts if one >= SMALL]
    if len(counts) - len([one for one in shown if isinstance(one, int)]) == 1 and rest:
        shown[counts.index(min(rest))] = HIDDEN
    return shown
