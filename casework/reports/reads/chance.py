"""Whether a figure says something new, by the rules of *Making data count* (C6). Pure functions."""

import math
from dataclasses import dataclass
from itertools import pairwise

# The first twelve complete periods are what later ones are held against.
BASELINE = 12
# How many in a row on one side, or rising or falling, say something.
RUN = 7
# Laney: above this the limits are widened; and the constant of a moving range of two.
WIDER_FROM, OF_TWO = 1.2, 1.128


@dataclass(frozen=True)
class Limits:
    """The mean of the baseline and, for one period, the limits of chance around it; shares between 0 and 1."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Chart:
    """A p-chart: of each period how many standard deviations it lies from the mean of the baseline."""

    mean: float
    wider: float
    distances: list[float]
    sizes: list[int]

    def limits(self, period: int) -> Limits:
        reach = 3 * self.wider * _deviation(self.mean, self.sizes[period])
        return Limits(self.mean, max(0.0, self.mean - reach), min(1.0, self.mean + reach))

    def signal(self, period: int) -> int:
        """1 for higher, -1 for lower than chance alone gives at that period, 0 for no signal."""
        until = self.distances[: period + 1]
        return next((side for side in (1, -1) if _is_special([side * one for one in until])), 0)


def p_chart(periods: list[tuple[int, int]]) -> Chart:
    """`periods`: how many of how many, oldest first. Wants at least one period of more than nought."""
    base = periods[:BASELINE]
    mean = sum(one for one, _of in base) / sum(of for _one, of in base)
    apart = [_distance(one, of, mean) for one, of in periods]
    moves = [abs(after - before) for before, after in pairwise(apart[:BASELINE])]
    spread = sum(moves) / len(moves) / OF_TWO if moves else 0.0
    wider = spread if spread > WIDER_FROM else 1.0
    return Chart(mean, wider, [one / wider for one in apart], [of for _one, of in periods])


def _deviation(mean: float, size: int) -> float:
    return math.sqrt(mean * (1 - mean) / size)


def _distance(number: int, size: int, mean: float) -> float:
    deviation = _deviation(mean, size)
    return (number / size - mean) / deviation if deviation else 0.0


def _is_special(distances: list[float]) -> bool:
    """Too high by one of the four rules: outside, seven above, seven rising, two of three near the limit."""
    run = distances[-RUN:]
    outside = distances[-1] > 3
    above = len(run) == RUN and min(run) > 0
    rising = len(run) == RUN and all(before < after for before, after in pairwise(run))
    near = distances[-1] > 2 and sum(one > 2 for one in distances[-3:]) >= 2
    return outside or above or rising or near
