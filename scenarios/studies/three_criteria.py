"""The three criteria of the comparative study of Japan and Korea (AUM), recorded beside simulated:
law and first participation, human resources, agreements and dialogue, in any period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.core.records import STOCKS
from model.coverage import world_end
from model.engine.run_arrays import NO_TRACE
from model.errors import InputError
from model.months import month_number, month_text
from model.tables import table
from model.vocabulary import GROUPS, STUDIED
from model.world import legal_regimes, recorded_contributions

from ..definition import lookup
from ..file_format.schema import Scenario
from ..running import model_adapter
from ..running.run_options import check_numbers, put_in, resolve

if TYPE_CHECKING:
    from model.engine.run_output import Chunk
    from model.world.build import Atlas

COLUMNS = [
    "criterion", "measure", "unit", "state", "recorded", "simulated", "low80", "high80", "detail",
]  # fmt: skip
LAW, RESOURCES, AGREEMENTS = (
    "law and first participation", "human resources", "agreements and dialogue",
)  # fmt: skip
PEOPLE = {"un": "personnel in UN missions", "coalition": "personnel in coalitions"}
FIRST = "first new mission"  # of the period, in years with a fraction
MOST_RUNS = 2000
SHOWN = 3  # names in a detail


@dataclass(frozen=True)
class Window:
    """A period, by the numbers of its first and last month."""

    first: int
    last: int

    def holds(self, months: Any) -> Any:
        """Whether months, numbers or a column of them, lie in it."""
        return (months >= self.first) & (months <= self.last)


def three_criteria(
    scenario: str | Path | Scenario = "historical",
    start: str = "2000-01",
    end: str = "2010-12",
    *,
    states: Sequence[str] = STUDIED,
    runs: int = 100,
    seed: int = 1,
    world: Callable[[Scenario, tuple[str, ...]], Atlas] = model_adapter.world_of,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """The three criteria for states in a period, as recorded and as simulated.

    Args:
        scenario: simulated from its own first month, so that the period has its past.
        start, end: the period, both months inclusive; the study looks at 2000 to 2010.  A scenario
            of the past is carried on to the end of the record where the period asks for it.
        states: codes; runs, seed, world, progress: as in ``compare``.

    Returns:
        A row for each ``criterion``, ``measure`` and ``state``: ``unit``, what is ``recorded``, the
        mean over runs ``simulated`` (of months the median) with the middle 80% of the runs, and
        names in ``detail``.  Blank (NaN) is what the tables or the model do not hold: of a period
        after the record nothing is recorded.  Months are given as years with a fraction: 2003.5 is
        July 2003.

    Raises:
        InputError: an unknown scenario or state, a period that the scenario does not cover.

    Example:
        >>> found = three_criteria(runs=2, end="2002-12")
        >>> sorted(found["criterion"].unique())
        ['agreements and dialogue', 'human resources', 'law and first participation']
    """
    check_numbers(runs, seed, MOST_RUNS)
    codes = [lookup.state(state) for state in states]
    chosen = resolve(scenario)
    period = chosen.period
    if period.end < end <= world_end():  # a record that goes on after the scenario's last month
        chosen = resolve(chosen, end=end)
        period = chosen.period
    if not period.start <= start <= end <= period.end:
        raise InputError(
            f"{start} to {end} is no period within {chosen.name}, which runs from {period.start} "
            f"to {period.end}"
        )
    window = Window(month_number(start, "start"), month_number(end, "end"))
    short = put_in(chosen, end=end)
    atlas = world(short, tuple(dict.fromkeys((*model_adapter.reported_states(short), *codes))))
    measured: list[dict[tuple[str, str], float]] = []
    firsts: list[dict[str, str]] = []
    for chunk in model_adapter.chunks(atlas, range(runs), seed, trace=NO_TRACE):
        found, entered = _simulated(chunk, codes, window)
        measured += found
        firsts += entered
        if progress is not None:
            progress(len(measured), runs)
    simulated = pd.DataFrame(measured)
    rows = [row for code in codes for row in _recorded(code, window)]
    if start > world_end():
        rows = [(*row[:4], np.nan, "") for row in rows]
    frame = pd.DataFrame([_joined(row, simulated, firsts) for row in rows], columns=COLUMNS)
    order = {name: number for number, name in enumerate((LAW, RESOURCES, AGREEMENTS))}
    frame["order"] = frame["criterion"].map(order)
    measures = {name: number for number, name in enumerate(dict.fromkeys(frame["measure"]))}
    frame["place"] = frame["measure"].map(measures)
    frame = frame.sort_values(["order", "place", "state"], kind="stable", ignore_index=True)
    return frame[COLUMNS]


Recorded = tuple[str, str, str, str, float, str]  # criterion, measure, unit, state, value, detail


def _recorded(state: str, window: Window) -> Iterator[Recorded]:
    """What the tables hold of a state in the period."""
    yield from _law(state, window)
    yield from _resources(state, window)
    frame = table("agreements")
    months = frame["month"].map(month_number)
    own = frame[(frame["state"] == state) & window.holds(months)]
    for kind in sorted(frame["type"].unique()):
        found = own[own["type"] == kind]
        name = {"treaty": "treaties", "memorandum": "memoranda"}.get(kind, f"{kind}s")
        yield AGREEMENTS, name, "number", state, float(len(found)), _named(found["title"])
    yield AGREEMENTS, "all together", "number", state, float(len(own)), ""


def _law(state: str, window: Window) -> Iterator[Recorded]:
    """Provisions that entered, the first mission of the period, and people in the field."""
    laws, ranges, names = legal_regimes.provisions(legal_regimes.instruments())
    begin, end = ranges.get(state, (0, 0))
    entered = [
        number
        for number in range(begin, end)
        if window.holds(laws[number]["since"]) and laws[number]["since"] < laws[number]["until"]
    ]
    entered.sort(key=lambda number: int(laws[number]["since"]))
    told = [f"{names[n]} {month_text(int(laws[n]['since']))}" for n in entered]
    yield LAW, "provisions newly in force", "number", state, float(len(entered)), _named(told)
    spells = recorded_contributions.spells()
    own = spells[(spells["state"] == state) & (spells["people"] > 0)]
    joined = own.groupby("mission")["first"].min().sort_values(kind="stable")
    joined = joined[window.holds(joined)]
    told = [f"{mission} {month_text(int(month))}" for mission, month in joined.items()]
    first = _year(int(joined.iloc[0])) if len(joined) else np.nan
    yield LAW, FIRST, "month", state, first, _named(told[:1])
    yield LAW, "missions joined for the first time", "number", state, float(len(told)), _named(told)
    months = recorded_contributions.monthly((state,), window.first, window.last)
    length = window.last - window.first + 1
    for group in PEOPLE:
        people = float(months.loc[months["framework"] == group, "value"].sum()) / length
        yield LAW, PEOPLE[group], "people, average month", state, people, ""


def _resources(state: str, window: Window) -> Iterator[Recorded]:
    """Centres, instructors, money and exercises."""
    centres = table("training_centres")
    own = centres[(centres["state"] == state) & _running(centres, window)]
    for home, name in (("1", "training centres at home"), ("0", "centres abroad supported")):
        found = own[own["home"].astype(str) == home]
        yield RESOURCES, name, "number", state, float(len(found)), _named(found["centre"])
    frame = table("training_support")
    own = frame[(frame["state"] == state) & _running(frame, window)]
    amount = pd.to_numeric(own["amount"])
    value = amount * _share(own, window)
    for unit, name, said in (
        ("USD", "money for centres", "USD"),
        ("instructors", "instructors sent", "number"),
        ("trainees", "people trained", "number"),
    ):
        chosen = own["unit"] == unit
        partners = _named(own.loc[chosen & (amount > 0), "partner"].drop_duplicates())
        yield RESOURCES, name, said, state, float(value[chosen].sum()), partners
    others = own["unit"].isin(("courses", "visits", "programmes"))
    partners = _named(own.loc[others, "partner"].drop_duplicates())
    total = float(value[others].sum())
    yield RESOURCES, "courses, visits and programmes", "number", state, total, partners
    yearly = own["unit"] == "exercises a year"
    years = float((_years(own[yearly], window) * amount[yearly]).sum())
    partners = _named(own.loc[yearly, "partner"].drop_duplicates())
    yield RESOURCES, "exercises", "number", state, years, partners
    # as the target of the model counts: people trained and money are one activity a line
    one = amount.where(~own["unit"].isin(("trainees", "USD")), 1.0) * _share(own, window)
    total = float(one[(amount > 0) & ~yearly].sum()) + years
    yield RESOURCES, "training support", "activities", state, total, ""
    yield RESOURCES, "trained officers ready", "people, last month", state, np.nan, ""


def _running(frame: pd.DataFrame, window: Window) -> pd.Series:
    """Whether what each row tells touches the period; what has no end goes on."""
    first, last = _span(frame, window)
    return (first <= window.last) & (last >= window.first)


def _span(frame: pd.DataFrame, window: Window) -> tuple[pd.Series, pd.Series]:
    first = frame["from"].map(month_number)
    last = frame["to"].map(lambda cell: month_number(cell) if cell else window.last)
    return first.astype(int), last.astype(int)  # of no rows, too


def _share(frame: pd.DataFrame, window: Window) -> pd.Series:
    """The part of each row that falls into the period, spread evenly over its months; what has no
    end counts in the month in which it begins."""
    first, last = _span(frame, window)
    inside = last.clip(upper=window.last) - first.clip(lower=window.first) + 1
    spread = inside.clip(lower=0) / (last - first + 1).clip(lower=1)
    return spread.where(frame["to"] != "", window.holds(first).astype(float))  # once, at its start


def _years(frame: pd.DataFrame, window: Window) -> pd.Series:
    """Calendar years of the period that each row touches."""
    first, last = _span(frame, window)
    begin, end = first.clip(lower=window.first), last.clip(upper=window.last)
    years = [one.map(lambda month: int(_year(month))).astype(int) for one in (begin, end)]
    return years[1] - years[0] + 1


def _simulated(
    chunk: Chunk, states: Sequence[str], window: Window
) -> tuple[list[dict[tuple[str, str], float]], list[dict[str, str]]]:
    """By run: every measure that the model has, by (measure, state); and the first new mission."""
    atlas = chunk.atlas
    begin = int(atlas.arrays.span[1])
    people = chunk.totals(tuple(states))[:, window.first - begin : window.last - begin + 1]
    values, missions = [], []
    for number, ledger in enumerate(chunk.ledgers):
        own: dict[tuple[str, str], float] = {}
        first: dict[str, str] = {}
        for place, state in enumerate(states):
            for group in PEOPLE:
                mean = people[number, :, place, GROUPS.index(group)].mean()
                own[PEOPLE[group], state] = float(mean)
            entered = _entered(ledger.deployments, atlas, state, window)
            own["missions joined for the first time", state] = float(len(entered))
            own[FIRST, state] = _year(int(entered[0][0])) if entered else np.nan
            first[state] = entered[0][1] if entered else ""
            months = ledger.stocks[window.first : window.last + 1, atlas.reported.index(state)]
            stocks = dict(zip(STOCKS, months.T, strict=True))
            own["training support", state] = float(stocks["training_support"].sum())
            own["trained officers ready", state] = float(stocks["trained_staff"][-1])
            own["all together", state] = float(stocks["agreements"].sum())
        values.append(own)
        missions.append(first)
    return values, missions


def _entered(
    deployments: np.ndarray, atlas: Atlas, state: str, window: Window
) -> list[tuple[int, str]]:
    """Missions that a state is in for the first time in the period: month and name, in order."""
    begin = int(atlas.arrays.span[1])
    own = deployments[
        (deployments["state"] == atlas.state_row(state)) & (deployments["people"] > 0)
    ]
    # who is there when the scenario begins came before
    came = np.minimum(own["arrives"], np.where(own["since"] < begin, own["since"], own["arrives"]))
    first: dict[int, int] = {}
    for mission, month in zip(own["mission"].tolist(), came.tolist(), strict=True):
        first[mission] = min(month, first.get(mission, month))
    return sorted(
        (month, atlas.missions[mission]) for mission, month in first.items() if window.holds(month)
    )


def _joined(
    row: Recorded, simulated: pd.DataFrame, firsts: Iterable[dict[str, str]]
) -> dict[str, Any]:
    """A row of the table, with the mean of the runs and where 80% of them lie."""
    criterion, measure, unit, state, value, detail = row
    found: dict[str, Any] = {
        "criterion": criterion, "measure": measure, "unit": unit, "state": state,
        "recorded": value, "simulated": np.nan, "low80": np.nan, "high80": np.nan,
        "detail": detail,
    }  # fmt: skip
    if (measure, state) in simulated.columns:
        own = simulated[measure, state].dropna()
        if len(own):
            found["simulated"] = float(own.median() if measure == FIRST else own.mean())
            found["low80"], found["high80"] = (float(own.quantile(q)) for q in (0.1, 0.9))
    if measure == FIRST:
        names = pd.Series([one[state] for one in firsts])
        usual = names[names != ""].value_counts()
        if len(usual):
            share = usual.iloc[0] / len(names)
            usually = f"in {share:.0%} of the runs {usual.index[0]}"
            found["detail"] = "; ".join(filter(None, (found["detail"], usually)))
    return found


def _named(names: Iterable[Any]) -> str:
    """The first names, and how many more."""
    listed = [str(name) for name in names]
    more = len(listed) - SHOWN
    return ", ".join(listed[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _year(month: int) -> float:
    """A month as a year with a fraction."""
    year, part = month_text(month).split("-")
    return int(year) + (int(part) - 1) / 12
