"""What an expectation of a scenario may say: an outcome that there is, of what it has, in order."""

from collections.abc import Callable

from model.errors import InputError, unknown
from model.months import month_number

from ..file_format.outcome_catalogue import MEASURES
from ..file_format.schema import Expectation, Period
from . import name_checks

Path = tuple[str | int, ...]
Where = Callable[[Path], str]


def check(
    expectation: Expectation, path: Path, own: list[str], period: Period, where: Where
) -> None:
    """Raise where an expectation cannot be judged; ``own``: missions that the scenario opens."""
    _measure(expectation, path, where)
    if expectation.state != "all":
        name_checks.code(expectation.state, where((*path, "state")))
    if expectation.mission != "all":
        name_checks.mission(expectation.mission, own, where((*path, "mission")))
    if expectation.kind not in ("all", "units", "individuals"):
        name_checks.kind(expectation.kind, where((*path, "kind")))
    start, end = expectation.start or period.start, expectation.end or period.end
    if month_number(end) < month_number(start):
        place = where((*path, "start" if expectation.end is None else "end"))
        raise InputError(f"{place}: {end} is before {start}; the dates are out of order")
    for key, month in (("start", start), ("end", end)):
        if not month_number(period.start) <= month_number(month) <= month_number(period.end):
            raise InputError(
                f"{where((*path, key))}: {month} is outside the period, {period.start} to "
                f"{period.end}"
            )
    low, high = expectation.low, expectation.high
    if low is not None and high is not None and high < low:
        raise InputError(f"{where((*path, 'high'))}: high {high:g} is below low {low:g}")


def _measure(expectation: Expectation, path: Path, where: Where) -> None:
    """The outcome must exist, and be narrowed down only by what it has."""
    place = where((*path, "variable"))
    if expectation.variable not in MEASURES:
        raise unknown("outcome", expectation.variable, MEASURES, place)
    measure = MEASURES[expectation.variable]
    for key in ("group", "mission", "kind"):
        if getattr(expectation, key) != "all" and key not in measure.narrowed:
            raise InputError(
                f"{where((*path, key))}: {expectation.variable} is of the whole state; leave out "
                f"{key}"
            )
    if expectation.of == "level" and expectation.direction != "unsigned":
        raise InputError(
            f"{where((*path, 'direction'))}: a level has no direction; write direction = "
            '"unsigned" with low and high'
        )
