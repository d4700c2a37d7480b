"""Recorded contributions: spells of people by state, mission and kind, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd

from ..core import records
from ..coverage import last as last_known
from ..errors import InputError
from ..months import NEVER, month_number
from ..settings import FIRST_MONTH
from ..tables import kept, numbers, table
from ..vocabulary import CATEGORIES, KINDS
from . import missions, un_reports
from .legal_regimes import month_or
from .missions import roster


@cache
def spells() -> pd.DataFrame:
    """Recorded spells with numbers for months: state, mission, kind, category, first, last, people,
    and ``counted``, those whom the count of the United Nations has (outside it, the size).

    Japan and Korea stand in ``contributions`` throughout, by kind and outside the United Nations
    too, the others up to the month in which ``un_reports`` begin.  Small political missions that
    the roster does not have are left out.

    Raises:
        InputError: a kind or mission is not in the closed tables.
    """
    frame = _coded()
    reported = un_reports.spells()
    known = ~reported["state"].isin(watched()) & reported["mission"].isin(roster()["mission"])
    reported = _inside(reported[known]).assign(counted=lambda frame: frame["people"])
    return pd.concat([frame, reported[frame.columns]], ignore_index=True)


def spells_of(states: Iterable[str]) -> pd.DataFrame:
    """``spells`` of some states; where those are watched, the reports on all others stay unread."""
    wanted = set(states)
    frame = _coded() if wanted <= watched() else spells()
    return frame[frame["state"].isin(wanted)]


def watched() -> set[str]:
    """States whose deployments are documented by kind, inside the United Nations and outside."""
    return set(table("contributions").query("rule != 'ipf'")["state"])


def _inside(frame: pd.DataFrame) -> pd.DataFrame:
    """Spells within the dates of their missions: people on their way home are not counted."""
    dates = roster().set_index("mission")
    start = frame["mission"].map({m: month_number(t) for m, t in dates["start"].items()})
    end = frame["mission"].map({m: month_or(t, NEVER, "") for m, t in dates["end"].items()})
    out = frame.assign(first=np.maximum(frame["first"], start), last=np.minimum(frame["last"], end))
    return out[out["first"] <= out["last"]]


@cache
def _coded() -> pd.DataFrame:
    """Spells of ``contributions``."""
    frame = table("contributions")
    kinds = table("kinds").set_index("kind")["category"]
    for column, valid in (("kind", set(KINDS)), ("mission", set(roster()["mission"]))):
        wrong = ~frame[column].isin(valid)
        if wrong.any():
            line = int(wrong.to_numpy().argmax()) + 2
            raise InputError(
                f"contributions.csv, line {line}: unknown {column} {frame[column][wrong].iloc[0]!r}"
            )
    months = {
        text: month_number(text, "contributions.csv")
        for text in set(frame["from"]) | set(frame["to"])
    }
    people = numbers(frame, "contributions", "personnel")
    national = numbers(frame, "contributions", "national_personnel")
    return pd.DataFrame(
        {
            "state": frame["state"],
            "mission": frame["mission"],
            "kind": frame["kind"],
            "category": frame["kind"].map(kinds),
            "first": frame["from"].map(months).astype(int),
            "last": frame["to"].map(months).astype(int),
            # The UN count where there is one; operations outside the UN have a national size only.
            "people": np.where(people > 0, people, national).astype(int),
            "counted": people.astype(int),
        }
    )


@cache
def continued() -> pd.DataFrame:
    """Spells of ``spells``, with ``come``; who is in the field when the record of its series ends
    is taken to stay until the mission's known end, and in the mission that takes its people over.
    """
    frame = spells().copy()
    ends = {name: month_or(end, NEVER, "missions.csv") for name, end in _ends().items()}
    heirs = {row["succeeds"]: row["mission"] for row in roster().to_dict("records")}
    un = frame["mission"].map(group_of_missions()) == "un"
    record = np.where(
        un & ~frame["state"].isin(watched()), last_known("un_reports"), last_known("deployments")
    )
    stays = frame["last"].to_numpy() >= record
    shut = frame["mission"].map(ends).to_numpy()
    frame["last"] = np.where(stays, np.maximum(shut, frame["last"]), frame["last"])
    moved = frame[stays & frame["mission"].isin(heirs)]
    moved = moved.assign(mission=moved["mission"].map(heirs), first=moved["last"] + 1)
    moved["last"] = moved["mission"].map(ends).astype(int)  # of nobody too
    frame = pd.concat([frame, moved], ignore_index=True)
    return frame.assign(come=come(frame))


def _ends() -> dict[str, str]:
    """The last month of each mission, those decided for later included; blank while none is."""
    ends = dict(zip(roster()["mission"], roster()["end"], strict=True))
    outlook = table("outlook").query("what == 'end'")
    return ends | dict(zip(outlook["mission"], outlook["from"], strict=True))


def accumulate(
    shape: tuple[int, ...],
    first: np.ndarray,
    last: np.ndarray,
    cells: tuple[np.ndarray, ...],
    amount: np.ndarray,
) -> np.ndarray:
    """Sum spells into an array whose first axis is the month (clipped to it)."""
    months = shape[0]
    changes = np.zeros((months + 1, *shape[1:]))
    start = np.clip(first, 0, months)
    stop = np.clip(last + 1, 0, months)
    keep = stop > start
    np.add.at(changes, (start[keep], *(c[keep] for c in cells)), amount[keep])
    np.add.at(changes, (stop[keep], *(c[keep] for c in cells)), -amount[keep])
    return np.cumsum(changes, axis=0)[:-1]


@kept
def recorded(
    codes: list[str],
    names: list[str],
    deliberates: np.ndarray,
    kept: np.ndarray,
) -> tuple[np.ndarray, pd.DataFrame]:
    """People of states while they are recorded.

    Args:
        kept: as ``kept_share``, for states that are not watched.

    Returns:
        filled: float64[T, M, 4] people by reporting category of states not yet deliberating;
        the spells so clipped, with columns ``s`` and ``m`` for rows of states and missions.
    """
    frame = _placed(codes, names)
    frame["begins"] = deliberates[frame["s"].to_numpy()]
    frame["stops"] = np.minimum(frame["last"], frame["begins"] - 1)
    frame = frame[frame["first"] <= frame["begins"]]
    known = frame["watched"]
    filled, shrinking = (
        accumulate(
            kept.shape,
            part["first"].to_numpy(),
            part["stops"].to_numpy(),
            (part["m"].to_numpy(), part["c"].to_numpy()),
            part["people"].to_numpy().astype(float),
        )
        for part in (frame[known], frame[~known])
    )
    return filled + shrinking * kept, frame


@kept
def _placed(codes: list[str], names: list[str]) -> pd.DataFrame:
    """``continued`` of these states, with rows of states, missions and categories."""
    frame = continued()
    frame = frame[frame["state"].isin(codes)]
    return frame.assign(
        s=frame["state"].map({code: n for n, code in enumerate(codes)}),
        m=frame["mission"].map({name: n for n, name in enumerate(names)}),
        c=frame["category"].map({name: n for n, name in enumerate(CATEGORIES)}),
        k=frame["kind"].map({name: n for n, name in enumerate(KINDS)}),
        watched=frame["state"].isin(watched()),
    )


@kept
def mission_totals(names: list[str], months: int) -> np.ndarray:
    """Observed uniformed people as float64[T, M, 3]: troops, police, experts of whole missions."""
    frame = table("mission_totals")
    out = np.zeros((months, len(names), 3))
    place = {name: number for number, name in enumerate(names)}
    keep = frame["mission"].isin(place)
    frame = frame[keep]
    month = frame["month"].map({m: month_number(m) for m in set(frame["month"])}).to_numpy()
    number = frame["mission"].map(place).to_numpy()
    inside = (month >= 0) & (month < months)
    for column, name in enumerate(("troops", "police", "experts")):
        values = numbers(frame, "mission_totals", name).to_numpy()
        out[month[inside], number[inside], column] = values[inside]
    return out


@kept
def mission_months(names: list[str], months: int) -> tuple[np.ndarray, np.ndarray]:
    """Conditions and losses of every documented mission, and what ``missions.losses`` returns."""
    out = missions.mission_months(months)
    return out, np.array(missions.losses(out, mission_totals(names, months).sum(axis=2)))


def kept_share(asked_by_category: np.ndarray) -> np.ndarray:
    """What is left of the people whom each mission had when state-by-mission data ended, as it asks
    for less since, float64[T, M, 4]."""
    end = last_known("un_reports") + 1
    out = np.ones(asked_by_category.shape)
    before = np.maximum(asked_by_category[end - 1], 1)
    out[end:] = np.minimum(1.0, asked_by_category[end:] / before)
    return out


def write_recorded(
    state_months: np.ndarray,
    mission_months: np.ndarray,
    spells: pd.DataFrame,
    filled: np.ndarray,
    kinds: np.ndarray,
) -> None:
    """People of recorded states, by state (for experience) and by mission (for peers)."""
    s, m = spells["s"].to_numpy(), spells["m"].to_numpy()
    first, last = spells["first"].to_numpy(), spells["stops"].to_numpy()
    people = spells["people"].to_numpy().astype(float)
    formed = kinds["formed"][spells["k"].to_numpy()]
    shape = state_months.shape
    state_months["recorded_people"] = accumulate(shape, first, last, (s,), people)
    state_months["recorded_units"] = accumulate(shape, first, last, (s,), formed.astype(float))
    mission_months["recorded"] = filled.sum(axis=2)
    ideal = state_months["ideal"][np.clip(first, 0, len(state_months) - 1), s]
    weighted = accumulate(mission_months.shape, first, last, (m,), people * ideal)
    counted = accumulate(mission_months.shape, first, last, (m,), people)
    mean = np.divide(weighted, counted, out=np.zeros_like(weighted), where=counted > 0)
    mission_months["recorded_ideal"] = mean * mission_months["recorded"]


@kept
def begun(
    codes: list[str], names: list[str], deliberates: np.ndarray, kept: np.ndarray
) -> np.ndarray:
    """``initial`` of what is ``recorded``."""
    return initial(recorded(codes, names, deliberates, kept)[1], kept)


ROTATION = 2  # months without a count between contingents that do not end a presence
NO_SITE = -1  # place of what is carried over where none is known
NO_TERM = -1  # month in which its term ends: by the usual length of a term


def initial(spells: pd.DataFrame, kept: np.ndarray) -> np.ndarray:
    """What each state has in the field in the month before it begins to deliberate; where the data
    begin only then, what they show first.

    Args:
        spells: as ``recorded`` gives them.  kept: as ``kept_share``, for states that are not
            watched.
    """
    begins = spells["begins"]
    last = np.where(begins <= month_number(FIRST_MONTH), begins, begins - 1)
    here = spells[(spells["first"] <= last) & (spells["last"] >= last) & (spells["people"] > 0)]
    share = kept[np.minimum(here["begins"], len(kept)) - 1, here["m"], here["c"]]
    share[here["state"].isin(watched())] = 1.0
    here = here.assign(people=np.maximum(1, np.rint(here["people"] * share)).astype(int))
    merged = here.groupby(["begins", "s", "m", "kind"], as_index=False, sort=True).agg(
        people=("people", "sum"), since=("come", "min")
    )
    out = records.records(len(merged), records.INITIAL)
    out["month"], out["state"], out["mission"] = merged["begins"], merged["s"], merged["m"]
    out["kind"] = [KINDS.index(kind) for kind in merged["kind"]]
    out["people"], out["since"] = merged["people"], merged["since"]
    out["site"], out["term"] = NO_SITE, NO_TERM
    return out


def come(spells: pd.DataFrame) -> pd.Series:
    """Month since which a state has had a kind in a line of missions without a break, however many
    times it changed in size or in hat; of a state that is not watched, in this size: another size
    is, as a rule, another contingent with work of its own."""
    frame = spells[spells["people"] > 0].assign(line=lambda x: _lines(x["mission"]))
    keys = ["state", "line", "kind"]
    frame = frame.sort_values([*keys, "first"], kind="stable")
    until = frame.groupby(keys, sort=False)["last"].cummax()
    before = until.groupby([frame[key] for key in keys], sort=False).shift(fill_value=-ROTATION - 2)
    stretch = (frame["first"] > before + 1 + ROTATION).cumsum()
    since = frame.groupby(stretch)["first"].transform("min").reindex(spells.index)
    return since.where(spells["state"].isin(watched()), spells["first"])


def _lines(missions: pd.Series) -> pd.Series:
    """The first of the missions that succeed one another."""
    older = {row["mission"]: row["succeeds"] for row in roster().to_dict("records")}

    def first(mission: str) -> str:
        while older.get(mission):
            mission = older[mission]
        return mission

    return missions.map({mission: first(mission) for mission in missions.unique()})


def group_of_missions() -> dict[str, str]:
    """Framework group of every mission by name."""
    groups = table("frameworks").set_index("framework")["group"]
    frame = roster()
    return {m: groups[f] for m, f in zip(frame["mission"], frame["framework"], strict=True)}


def monthly(states: tuple[str, ...], first: int, last: int) -> pd.DataFrame:
    """The record as a long table of people: month, state, framework, mission, kind, value."""
    frame = spells_of(states)
    begin = np.maximum(frame["first"].to_numpy(), first)
    length = np.maximum(np.minimum(frame["last"].to_numpy(), last) - begin + 1, 0)
    rows = np.repeat(np.arange(len(frame)), length)
    months = begin[rows] + np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    long = frame.iloc[rows][["state", "mission", "kind", "people"]].reset_index(drop=True)
    long.insert(0, "month", months)
    long.insert(2, "framework", long["mission"].map(group_of_missions()))
    keys = ["month", "state", "framework", "mission", "kind"]
    summed = long.rename(columns={"people": "value"}).groupby(keys, as_index=False, sort=True)
    return pd.DataFrame(summed["value"].sum())
