"""Points of targets of Japan and Korea: what was observed and what every run says of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.months import NEVER, month_number, year_of
from model.tables import numbers, table
from model.vocabulary import COUNTED, FORMED, KINDS, OFFICERS
from model.world.missions import roster

from . import request_outcomes
from .historical_replay import Replay

WINDOW = 18  # months in which a unit must stay away to count as refused
COMPONENTS = {
    "units": tuple(kind for kind in FORMED if kind in COUNTED),
    "officers": OFFICERS,
    "police": ("police",),
    "all": KINDS,
}
OPINION = {"un": "opinion_un", "coalition": "opinion_coalition"}
LESS = 0.75  # share of the people left after a reduction, at most


@dataclass(frozen=True)
class Points:
    """A quantity at several places.

    Attributes:
        labels: what each point is.
        observed: float64[points].
        simulated: float64[points, runs]; NaN where a run says nothing of the point.
        runs: behind each simulated share, where ``simulated`` has one column of shares.
    """

    labels: tuple[str, ...]
    observed: np.ndarray
    simulated: np.ndarray
    runs: int = 0


Row = dict[str, str]


def _gathered(points: list[tuple[str, float, np.ndarray]], runs: int) -> Points:
    if not points:
        return Points((), np.zeros(0), np.zeros((0, runs)))
    labels, seen, said = zip(*points, strict=True)
    return Points(tuple(labels), np.array(seen, dtype=float), np.stack(said).astype(float))


def _years(row: Row) -> range:
    """Whole calendar years of a target."""
    first, last = month_number(row["from"], "targets.csv"), month_number(row["to"], "targets.csv")
    return range(year_of(first + 11), year_of(last + 1))


def people(row: Row, said: Replay) -> Points:
    """Yearly means of a component in a group of frameworks."""
    group, component = row["part"].split()
    seen, runs = said.monthly(row["state"], (group,), COMPONENTS[component])
    points = []
    for year in _years(row):
        first = month_number(f"{year}-01") - said.first
        span = slice(first, first + 12)
        points.append((str(year), float(seen[span].mean()), runs[:, span].mean(axis=1)))
    return _gathered(points, said.runs)


def kinds(row: Row, said: Replay) -> Points:
    """Whether each kind was ever sent within a group of frameworks."""
    points = []
    for kind in COUNTED:
        seen, runs = said.monthly(row["state"], (row["part"],), (kind,))
        points.append((kind, float(seen.any()), (runs > 0).max(axis=1)))
    return _gathered(points, said.runs)


def _within(row: Row, months: pd.Series) -> pd.Series:
    """Which months (numbers) lie in the span of a target."""
    first, last = month_number(row["from"], "targets.csv"), month_number(row["to"], "targets.csv")
    return months.between(first, last)


def _span(said: Replay, month: float, before: int, after: int) -> slice:
    first = int(month) - said.first
    return slice(max(0, first - before), max(0, first + after))


def _with_successors(mission: str) -> tuple[str, ...]:
    """A mission and those that take over from it, in which its units stand under another name."""
    after = roster().set_index("succeeds")["mission"].to_dict()
    names = [mission]
    while names[-1] in after and after[names[-1]] not in names:
        names.append(after[names[-1]])
    return tuple(names)


def joins(row: Row, said: Replay) -> Points:
    """Units that came after a request by name: whether each run has one there within a year."""
    asked = request_outcomes.arrivals(row["state"])
    points = []
    for ask in asked[_within(row, asked["arrival_month"])].to_dict("records"):
        there = said.there(row["state"], _with_successors(ask["mission"]))
        span = _span(said, ask["arrival_month"], 2, 12)
        points.append((f"{ask['id']} {ask['mission']}", 1.0, there[:, span].max(axis=1) > 0))
    return _gathered(points, said.runs)


def refusals(row: Row, said: Replay) -> Points:
    """Requests refused or answered with less than a unit: whether each run sends none either."""
    asked = request_outcomes.unit_requests()
    asked = asked[(asked["state"] == row["state"]) & (asked["verdict"] == "refused")]
    return _absent(row, said, asked)


def non_requests(row: Row, said: Replay) -> Points:
    """What is not known to have been asked for: whether each run sends none.  Left out is what came
    within the window upon another request."""
    asked = request_outcomes.requests()
    asked = asked[(asked["state"] == row["state"]) & asked["formed"]]
    came = asked[asked["arrival_month"].notna()]
    none = asked[asked["documented_answer"] == "none"]
    later = [
        bool(
            (
                (came["mission"] == mission)
                & (came["kind"] == kind)
                & came["arrival_month"].between(month, month + WINDOW - 1)
            ).any()
        )
        for mission, kind, month in zip(none["mission"], none["kind"], none["month"], strict=True)
    ]
    return _absent(row, said, none[~np.array(later, dtype=bool)])


def _absent(row: Row, said: Replay, asked: pd.DataFrame) -> Points:
    points = []
    for ask in asked[_within(row, asked["month"])].to_dict("records"):
        there = said.there(row["state"], (ask["mission"],), (ask["kind"],))
        span = _span(said, ask["month"], 0, WINDOW)
        label = f"{ask.get('refusal') or ask['id']} {ask['mission']}"
        points.append((label, 1.0, there[:, span].max(axis=1) == 0))
    return _gathered(points, said.runs)


def _documented(row: Row, name: str) -> list[dict]:
    """Rows of ``refusals.csv`` of a class with a month; a renewal refused is an exit."""
    frame = request_outcomes.refusals()
    renewals = request_outcomes.requests().query("occasion == 'renewal'")["id"]
    refused = frame["class"].isin(request_outcomes.NEGATIVE) & frame["request"].isin(renewals)
    frame.loc[refused, "class"] = "exit"
    own = (
        (frame["actor"] == row["state"]) & (frame["class"] == name) & _within(row, frame["number"])
    )
    return [{str(k): v for k, v in r.items()} for r in frame[own].to_dict("records")]


def _conditional(
    row: Row, said: Replay, name: str, judge: Callable[[np.ndarray, int, dict], tuple]
) -> Points:
    """Documented turns of a stay; ``judge`` says of each run whether it applies and happened."""
    points = []
    for case in _documented(row, name):
        if case["decision"] == "location_refused":
            continue  # of place, not of size
        there = said.there(row["state"], (case["mission"],))
        applies, happened = judge(there, int(case["number"]) - said.first, case)
        value = np.where(applies, happened.astype(float), np.nan)
        points.append((f"{case['id']} {case['mission']}", 1.0, value))
    return _gathered(points, said.runs)


def exits(row: Row, said: Replay) -> Points:
    """Units withdrawn; of one that was interrupted and taken up again, whether it was away."""

    def judge(there: np.ndarray, month: int, case: dict) -> tuple[np.ndarray, np.ndarray]:
        span = slice(month, month + 3) if case["decision"] == "interrupted" else [month + 9]
        return there[:, month - 3] > 0, there[:, span].min(axis=1) == 0

    return _conditional(row, said, "exit", judge)


def reductions(row: Row, said: Replay) -> Points:
    """Units cut in size."""
    return _conditional(
        row,
        said,
        "reduction",
        lambda there, m, _: (there[:, m - 1] > 0, there[:, m + 12] <= LESS * there[:, m - 1]),
    )


def stays(row: Row, said: Replay) -> Points:
    """Exits weighed and rejected."""
    later = 3 if row["state"] == "JPN" else 12  # as ``targets.csv`` says

    def judge(there: np.ndarray, month: int, _: dict) -> tuple[np.ndarray, np.ndarray]:
        before = there[:, month - 1 : month + later].max(axis=1) > 0
        return before, there[:, month + later] > 0

    return _conditional(row, said, "stay", judge)


def lead_times(said: Replay, state: str, mode: str) -> tuple[np.ndarray, pd.DataFrame]:
    """Months from request to arrival of units, documented and simulated (``run``, ``months``)."""
    asked = request_outcomes.arrivals(state)
    asked = asked[(asked["mode"] == "routine") == (mode == "routine")]
    seen = (asked["arrival_month"] - asked["month"]).to_numpy()
    spells = said.spells
    own = spells["kind"].isin(FORMED) & (spells["state"] == state)
    own &= ((spells["crisis"] > 0) == (mode == "crisis")) & (spells["asked"] < spells["first"])
    own &= spells["asked"] >= said.first
    units = spells[own].drop_duplicates(["run", "mission", "kind", "asked"])
    return seen, units.assign(months=units["first"] - units["asked"])[["run", "months"]]


def lead(row: Row, said: Replay) -> Points:
    """Median months from request to arrival."""
    seen, units = lead_times(said, row["state"], row["part"])
    medians = units.groupby("run")["months"].median().reindex(range(said.runs)).to_numpy()
    return _gathered([(row["part"], float(np.median(seen)), medians)], said.runs)


def surveys(row: Row, said: Replay) -> Points:
    """Public support; of UN missions the one regular series, of coalitions every question."""
    frame = table("surveys")
    own = (frame["state"] == row["state"]) & (frame["framework"] == row["part"])
    if row["part"] == "un":
        own &= frame["question"].str.startswith("participation")
    own &= _within(row, frame["month"].map(month_number))
    stock = said.stock(row["state"], OPINION[row["part"]])
    support = numbers(frame, "surveys", "support") / 100.0
    points = [
        (month, float(value), stock[:, month_number(month) - said.first])
        for month, value in zip(frame["month"][own], support[own], strict=True)
    ]
    return _gathered(points, said.runs)


def _yearly_counts(row: Row, said: Replay, stock: str, count: Callable[[int], float]) -> Points:
    values = said.stock(row["state"], stock)
    points = []
    for year in _years(row):
        first = month_number(f"{year}-01") - said.first
        points.append((str(year), count(year), values[:, first : first + 12].sum(axis=1)))
    return _gathered(points, said.runs)


def activities(state: str, year: int) -> float:
    """Training support abroad in a year: an instructor, course, visit, programme or exercise each
    counts as one, people trained and money as one a line; what runs for long is spread evenly."""
    frame = table("training_support")
    amount = numbers(frame, "training_support", "amount")
    own = (frame["state"] == state) & (amount > 0)
    each = amount.where(~frame["unit"].isin(("trainees", "USD")), 1.0)
    yearly = frame["unit"] == "exercises a year"
    first = frame["from"].map(month_number)
    last = frame["to"].map(lambda cell: month_number(cell) if cell else NEVER)

    begin = month_number(f"{year}-01")
    overlap = np.minimum(last, begin + 11) - np.maximum(first, begin) + 1
    months = np.maximum(overlap, 0)
    spread = each * months / (last - first + 1)
    once = (first.between(begin, begin + 11) & (last == NEVER)).astype(float)
    spread = spread.where(last != NEVER, once)
    spread = spread.where(~yearly, (months > 0).astype(float))
    return float(spread[own].sum())


def training(row: Row, said: Replay) -> Points:
    """Activities of each year."""
    return _yearly_counts(
        row, said, "training_support", lambda year: activities(row["state"], year)
    )


def texts(state: str, year: int) -> float:
    """Declarations, memoranda, treaties and forums of a year."""
    frame = table("agreements")
    years = frame.loc[frame["state"] == state, "month"].str[:4].astype(int)
    return float((years == year).sum())


def agreements(row: Row, said: Replay) -> Points:
    """Texts and forums of each year."""
    return _yearly_counts(row, said, "agreements", lambda year: texts(row["state"], year))


OF_HISTORY: dict[str, Callable[[Row, Replay], Points]] = {
    "people": people,
    "kinds": kinds,
    "joins": joins,
    "refusals": refusals,
    "reductions": reductions,
    "exits": exits,
    "stays": stays,
    "non-requests": non_requests,
    "lead time": lead,
    "survey": surveys,
    "training support": training,
    "agreements": agreements,
}
