"""Stylised facts (``science.md`` section 2) about Japan and Korea, in history run again.

Lead times, votes, terms and stays, substitution between frameworks, and what adds up over years.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from model.months import ALWAYS, month_number
from model.vocabulary import STUDIED
from model.world import recorded_contributions
from model.world.missions import roster
from scenarios.comparison.outcome_window import people_sent

from ..raw_data.raw_files import coded, number
from .historical_replay import Replay
from .national_target_points import COMPONENTS, lead_times
from .stylised_facts import fact

NAMES = {"JPN": "Japan", "KOR": "Korea"}
TERMS = {"JPN": 6.0, "KOR": 12.0}  # science.md fact 7: Japan half-yearly; fact 1: Korea yearly
VOTED = {"UN missions": ("un_pko",), "coalitions": ("coalition", "coalition_un_mandated")}
NEAR = 12  # months around a documented motion in which a simulated one on the same is its like
COUNTED_TO = "2011-07"  # the month of the study group's report, which counts since August 1992
UNDER_THE_ACT = ("un_pko", "un_spm", "un_relief", "un_election", "regional_election")
CIVILIANS = ("police", "civilian", "election")
QUICK, SLOW = (0, 2), (8, 20)  # months of the two modes of lead time (model_review section 2)


def facts(said: Replay) -> pd.DataFrame:
    """Observed value, simulated median and 80% interval over runs of each fact."""
    rows = [*_leads(said), *_votes(said), *_terms(said), *_stays(said), *_substitution(said)]
    return pd.DataFrame([*rows, *_sent(said)])


def _sent(said: Replay) -> Iterable[dict[str, object]]:
    """Assignments under Japan's act and people sent on them, added up to July 2011."""
    known = coded("facts", ("id", "quantity")).set_index("id")["quantity"]
    last = month_number(COUNTED_TO)
    own = said.spells
    frameworks = own["mission"].map(roster().set_index("mission")["framework"])
    own = own[(own["state"] == "JPN") & frameworks.isin(UNDER_THE_ACT) & (own["first"] <= last)]
    missions = own.groupby("run")["mission"].nunique()
    yield fact(
        f"Japan, assignments under the PKO Act to {COUNTED_TO}",
        float(known["JSG-005"]),
        _by_run(missions, said.runs, 0.0),
    )
    forces = own[~own["kind"].isin(CIVILIANS)].sort_values(["run", "mission", "kind", "first"])
    before = forces.groupby(["run", "mission", "kind"])["last"].shift(fill_value=ALWAYS)
    months = forces["last"].clip(upper=last) - forces["first"] + 1
    begun = (forces["first"] > before + 1).to_numpy()
    sent = people_sent(forces["people"].to_numpy(), months.to_numpy(), begun)
    yield fact(
        f"Japan, people of the Self-Defense Forces sent on them to {COUNTED_TO}",
        float(known["JSG-006"]),
        _by_run(pd.Series(sent).groupby(forces["run"].to_numpy()).sum(), said.runs, 0.0),
    )


def _by_run(values: pd.Series, runs: int, none: float = np.nan) -> np.ndarray:
    return values.reindex(range(runs), fill_value=none).to_numpy(dtype=float)


def _leads(said: Replay) -> Iterable[dict[str, object]]:
    for mode, (low, high) in (("crisis", QUICK), ("routine", SLOW)):
        for state in STUDIED:
            seen, units = lead_times(said, state, mode)
            middle = units.groupby("run")["months"].median()
            name = f"{NAMES[state]}, months from request to arrival of a unit, {mode}"
            yield fact(name, float(np.median(seen)), _by_run(middle, said.runs))
        both = [lead_times(said, state, mode) for state in STUDIED]
        seen = np.concatenate([one for one, _ in both])
        units = pd.concat([two for _, two in both])
        within = units["months"].between(low, high).groupby(units["run"]).mean()
        observed = float(((low <= seen) & (seen <= high)).mean())
        name = f"share of {mode} units that arrive within {low} to {high} months"
        yield fact(name, observed, _by_run(within, said.runs))


def _votes(said: Replay) -> Iterable[dict[str, object]]:
    columns = ("date", "framework", "yes", "voting", "seats", "opposition_stance", "mission")
    frame = coded("korea_votes", columns)
    yes, voting, seats = (
        number(frame, name, "korea_votes.csv") for name in ("yes", "voting", "seats")
    )
    # Who walks out is against; who is merely absent is not.
    walked = frame["opposition_stance"].str.startswith("walkout")
    frame = frame.assign(
        share=yes / voting.where(~walked, seats),
        month=[month_number(date[:7], "korea_votes.csv") for date in frame["date"]],
    )
    own = said.decisions
    own = own[(own["state"] == "KOR") & (own["authoriser"] == "assembly")]
    own = own.assign(number=[month_number(month) for month in own["month"]])
    for name, frameworks in VOTED.items():
        motions = frame[frame["framework"].isin(frameworks) & frame["share"].notna()]
        like = []
        for motion in motions.to_dict("records"):
            same = own[own["mission"] == motion["mission"]]
            near = (same["number"] - motion["month"]).abs() <= NEAR
            put = same[near & (same["support"] > 0)]
            like.append(_by_run(put.groupby("run")["support"].mean(), said.runs))
        seen = float(motions["share"].mean())
        yield fact(f"Korea, share that accepts motions on {name}", seen, _mean(np.stack(like)))
    put = own[own["stopped_by"].isin(("nothing", "vote"))]
    failed = (put["stopped_by"] == "vote").groupby(put["run"]).mean()
    yield fact("Korea, share of motions that the Assembly rejects", 0.0, _by_run(failed, said.runs))


def _mean(values: np.ndarray) -> np.ndarray:
    """Mean over the first axis of what is known; NaN where nothing is."""
    known = ~np.isnan(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)


def _terms(said: Replay) -> Iterable[dict[str, object]]:
    renewed = said.decisions[said.decisions["reason"] == "renewal"]
    renewed = renewed[renewed["kind"].isin(COMPONENTS["units"])]
    renewed = renewed.assign(number=[month_number(month) for month in renewed["month"]])
    keys = ["run", "state", "mission", "kind"]
    renewed = renewed.sort_values([*keys, "number"])
    gaps = renewed.groupby(keys)["number"].diff()
    for state in STUDIED:
        own = gaps[(renewed["state"] == state) & (gaps > 0)]
        middle = own.groupby(renewed["run"]).median()
        name = f"{NAMES[state]}, months between decisions on whether a unit stays"
        yield fact(name, TERMS[state], _by_run(middle, said.runs))


def _lengths(frame: pd.DataFrame) -> pd.Series:
    """Months of each unbroken stay of units, by (run, state)."""
    frame = frame.sort_values(["run", "state", "family", "first"])
    keys = [frame["run"], frame["state"], frame["family"]]
    until = frame["last"].groupby(keys).cummax().groupby(keys).shift(fill_value=ALWAYS)
    stay = (frame["first"] > until + 1).cumsum()
    parts = frame.groupby(["run", "state", stay])
    return parts["last"].max() - parts["first"].min() + 1


def _stays(said: Replay) -> Iterable[dict[str, object]]:
    missions = roster().set_index("mission")
    groups = recorded_contributions.group_of_missions()
    record = recorded_contributions.spells().assign(run=0)
    both = []
    for frame in (record, said.spells):
        own = frame[frame["state"].isin(STUDIED) & frame["kind"].isin(COMPONENTS["units"])]
        own = own[own["mission"].map(groups) == "un"]
        both.append(_lengths(own.assign(family=own["mission"].map(missions["family"]))))
    seen, runs = both
    for state in STUDIED:
        known = seen.xs(state, level="state")
        if state not in runs.index.get_level_values("state"):
            continue
        by_run = runs.xs(state, level="state").groupby("run")
        name = NAMES[state]
        yield fact(
            f"{name}, months that a UN unit stays, median",
            float(known.median()),
            _by_run(by_run.median(), said.runs),
        )
        yield fact(
            f"{name}, longest stay of a UN unit, years",
            float(known.max()) / 12.0,
            _by_run(by_run.max() / 12.0, said.runs),
        )
        yield fact(f"{name}, UN unit entries", float(len(known)), _by_run(by_run.size(), said.runs))


def _yearly(said: Replay, state: str, group: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Years, and yearly means on record and in every run, from 1991."""
    seen, runs = said.monthly(state, (group,), COMPONENTS["all"])
    skip = (12 - said.first % 12) % 12
    months = (len(seen) - skip) // 12 * 12
    years = 1990 + (said.first + skip) // 12 + np.arange(months // 12)
    shape = (len(runs), -1, 12)
    by_year = runs[:, skip : skip + months].reshape(shape).mean(axis=2)
    return years, seen[skip : skip + months].reshape(-1, 12).mean(axis=1), by_year


def _ratio(
    years: np.ndarray, values: np.ndarray, after: tuple[int, int], before: tuple[int, int]
) -> np.ndarray:
    """People in one span of years over those in another, by run."""
    parts = [
        values[..., (years >= first) & (years <= last)].mean(axis=-1)
        for first, last in (after, before)
    ]
    return np.asarray(parts[0] / np.maximum(parts[1], 1.0))


def _substitution(said: Replay) -> Iterable[dict[str, object]]:
    years, un, un_runs = _yearly(said, "KOR", "un")
    _, ally, ally_runs = _yearly(said, "KOR", "coalition")
    for text, after, before in (
        ("in 2004-06 over 2000-02 (Iraq)", (2004, 2006), (2000, 2002)),
        ("in 2010-13 over 2004-06 (after Iraq)", (2010, 2013), (2004, 2006)),
    ):
        yield fact(
            f"Korea, people in UN missions {text}",
            float(_ratio(years, un, after, before)),
            _ratio(years, un_runs, after, before),
        )
    span = (years >= 2000) & (years <= 2013)
    yield fact(
        "Korea, rank correlation of UN and coalition people over 2000-13",
        float(stats.spearmanr(un[span], ally[span]).statistic),
        np.array([_correlation(a[span], b[span]) for a, b in zip(un_runs, ally_runs, strict=True)]),
    )
    years, un, un_runs = _yearly(said, "JPN", "un")
    yield fact(
        "Japan, people in UN missions in 2018-22 over 2012-15 (after the law of 2015)",
        float(_ratio(years, un, (2018, 2022), (2012, 2015))),
        _ratio(years, un_runs, (2018, 2022), (2012, 2015)),
    )


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Rank correlation; NaN where one does not vary."""
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(stats.spearmanr(one, other).statistic)
