"""Where the marks of a chart stand, in units of its view box; the template draws them."""

from casework.reports.reads.figures import Figure, Slice
from casework.reports.reads.statistics import TOO_FEW

WIDTH, HEIGHT, LEFT, TOP = 720, 200, 40, 12
# An axis that stops lower makes small differences look large.
LOWEST_TOP = 0.1


def bars(found: Figure) -> dict | None:
    """One place per month, with a bar and its interval where there are enough appointments (C4); y starts at 0 (C13)."""
    months = found.months
    enough = [one for one in months if one.denominator >= TOO_FEW]
    if not enough:
        return None
    top = max(LOWEST_TOP, *(one.interval.high for one in enough))
    step = (WIDTH - LEFT) / len(months)
    return {
        "top": round(top * 100),
        "bars": [_bar(one, LEFT + number * step, step, top) for number, one in enumerate(months)],
    }


def _bar(one: Slice, left: float, step: float, top: float) -> dict:
    middle = {"slice": one, "middle": round(left + step / 2, 1), "drawn": one.denominator >= TOO_FEW}
    if not middle["drawn"]:
        return middle
    height = round(one.interval.value / top * HEIGHT, 1)
    return middle | {
        "x": round(left + step * 0.2, 1),
        "width": round(step * 0.6, 1),
        "y": round(TOP + HEIGHT - height, 1),
        "height": height,
        "low": round(TOP + HEIGHT - one.interval.low / top * HEIGHT, 1),
        "high": round(TOP + HEIGHT - one.interval.high / top * HEIGHT, 1),
    }
