"""How large contingents are when they come, and how they change: regressions on the panel.

    python -m calibration.panel_fitting.panel_sizes --until 2024-06

prints the parameters ``SIZED`` with their standard errors, and which share of units left in half a
year, by quarters of their size.  A contingent is the people of one kind
whom a state has in a line of missions, seen half a year apart from November 2009 on.  The
regressions have the form of the model's rules, so that each coefficient is the parameter of the
same name.  Japan and Korea, whose extensions have a likelihood of their own, are left out.
"""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from model.core import parameter_values
from model.months import month_text
from model.rules.force_generation import SMALLEST_STEP, share_open
from model.settings import Settings
from model.vocabulary import FORMED, GROUP_UN, KINDS, OFFICERS, STUDIED
from model.world import recorded_contributions
from model.world.build import Atlas, build

from ..evidence.observations import PANEL_LAST
from ..fitting.fitted_parameters import SIZED
from .panel_terms import STEP, half_years

CLASS_OF = dict.fromkeys(FORMED, "unit")
CLASS_OF |= dict.fromkeys(OFFICERS, "officer") | {"police": "police"}
SEED = 1


class Told(NamedTuple):
    """What one regression tells: names of parameters, their values and the covariance of these."""

    names: tuple[str, ...]
    value: np.ndarray
    covariance: np.ndarray


def contingents(until: str) -> pd.DataFrame:
    """Contingents that came or stayed through a half year, a row each.

    Returns:
        ``state``, ``class``, ``was`` and ``then`` (people half a year apart; ``was`` is nought
        where the contingent came), ``usual`` (people of its kind), ``room`` (``share_open`` of the
        mission, as it was before), ``capability`` and ``wealth`` of the state, and ``region``:
        1 where the mission lies in its own.

    Raises:
        InputError: ``until`` leaves no half year.
    """
    months = half_years(until)
    atlas = build(Settings(end=month_text(PANEL_LAST), deliberating=(), point=True))
    return pd.concat([_half_year(atlas, month) for month in months], ignore_index=True)


def _half_year(atlas: Atlas, month: int) -> pd.DataFrame:
    """The contingents of one half year."""
    world, rows = atlas.arrays, atlas.arrays.missions
    un = world.groups[rows["framework"]] == GROUP_UN
    was, then = (_people(atlas, at) for at in (month, month + STEP))
    asked = np.zeros(was.shape[1:])
    np.add.at(asked, rows["root"][un], world.asked[month + STEP][un])
    parts = []
    for kind in sorted(set(CLASS_OF) & set(recorded_contributions.spells()["kind"])):
        alike = _alike(atlas, KINDS.index(kind))
        wanted = asked[:, alike].sum(axis=1)
        here = was[:, :, alike].sum(axis=(0, 2))
        own, later = (of[:, :, KINDS.index(kind)] for of in (was, then))
        state, line = np.nonzero((later > 0) & (wanted > 0) & (rows["host"] != _each(atlas)))
        usual = world.kinds[KINDS.index(kind)]
        home = world.state_months[month][state]
        parts.append(
            pd.DataFrame(
                {
                    "state": np.array(atlas.states)[state],
                    "class": CLASS_OF[kind],
                    "was": own[state, line],
                    "then": later[state, line],
                    "usual": float(usual["typical"]),
                    "room": [share_open(wanted[one], here[one]) for one in line],
                    "capability": home["capability"],
                    "wealth": home["wealth"],
                    "region": (world.states["region"][state] == rows["region"][line]) * 1.0,
                }
            )
        )
    out = pd.concat(parts, ignore_index=True)
    return out[~out["state"].isin(STUDIED)]


def _each(atlas: Atlas) -> np.ndarray:
    """Every state by its number, to be set against the hosts of missions."""
    return np.arange(len(atlas.states))[:, None]


def _alike(atlas: Atlas, kind: int) -> np.ndarray:
    """Kinds that the record of a contributor does not tell apart from this one."""
    kinds = atlas.arrays.kinds
    if not kinds[kind]["formed"]:
        return np.array([kind])
    same = (kinds["category"] == kinds[kind]["category"]) & (kinds["formed"] == 1)
    return np.flatnonzero(same)


def _people(atlas: Atlas, month: int) -> np.ndarray:
    """Recorded people, float64[states, lines of UN missions, kinds]."""
    frame = recorded_contributions.spells()
    frame = frame[(frame["first"] <= month) & (frame["last"] >= month)]
    frame = frame[frame["state"].isin(atlas.states)]
    rows = atlas.arrays.missions
    out = np.zeros((len(atlas.states), len(rows), len(KINDS)))
    mission = np.array([atlas.mission_row(name) for name in frame["mission"]], dtype=int)
    place = (
        np.array([atlas.state_row(code) for code in frame["state"]], dtype=int),
        rows["root"][mission],
        np.array([KINDS.index(kind) for kind in frame["kind"]], dtype=int),
    )
    un = atlas.arrays.groups[rows["framework"][mission]] == GROUP_UN
    np.add.at(out, place, np.where(un, frame["counted"].to_numpy(dtype=float), 0.0))
    return out


def arrivals(frame: pd.DataFrame) -> list[Told]:
    """Logarithm of the sizes in which contingents come, over the usual one of their kind."""
    came = frame[frame["was"] == 0]
    came = came.assign(size=np.log(came["then"] / came["usual"]))
    out = []
    for name in dict.fromkeys(CLASS_OF.values()):
        own = came[came["class"] == name]
        x: dict[str, Any] = {f"size_{name}": np.ones(len(own))}
        if name == "unit":
            x |= {"size_room": own["room"], "size_capability": own["capability"],
                  "size_wealth": -own["wealth"]}  # fmt: skip
        line, rest = _line(own["size"], x, own["state"])
        out.append(line)
        if name == "unit":
            out.append(_scale("size_spread", rest))
    return out


def changes(frame: pd.DataFrame) -> list[Told]:
    """Contingents that stay: how often they change by more than ``SMALLEST_STEP``, and how far
    those do."""
    stays = frame[(frame["was"] > 0) & (frame["then"] > 0)]
    stays = stays.assign(change=np.log(stays["then"] / stays["was"]))
    out = []
    for name in dict.fromkeys(CLASS_OF.values()):
        own = stays[stays["class"] == name]
        changed = (own["change"].abs() >= SMALLEST_STEP) * 1.0
        share = {f"resize_share_{name}": np.ones(len(own))}
        out.append(_line(changed, share, own["state"])[0])
        own = own[changed > 0.0]
        x: dict[str, Any] = {
             f"growth_{name}": np.ones(len(own)),
             f"growth_size_{name}": -np.log(own["was"] / own["usual"]),
             f"growth_room_{name}": own["room"]}  # fmt: skip
        if name == "unit":
            x |= {"growth_capability": own["capability"], "growth_wealth": -own["wealth"],
                  "growth_region": own["region"]}  # fmt: skip
        line, rest = _line(own["change"], x, own["state"])
        out += [line, _scale(f"resize_{name}", rest)]
    return out


def _line(y: pd.Series, x: dict[str, Any], state: pd.Series) -> tuple[Told, np.ndarray]:
    """Least squares with errors clustered by state, and what is left over."""
    import statsmodels.api as sm

    groups = state.astype("category").cat.codes.to_numpy()
    fit = sm.OLS(y, pd.DataFrame(x, index=y.index)).fit(
        cov_type="cluster", cov_kwds={"groups": groups}
    )
    told_of = Told(tuple(x), fit.params.to_numpy(), fit.cov_params().to_numpy())
    return told_of, fit.resid.to_numpy()


def _scale(name: str, rest: np.ndarray) -> Told:
    """Scale of a logistic distribution around nought."""
    from scipy import stats

    _, scale = stats.logistic.fit(rest, floc=0.0)
    # Fisher information of the scale of a logistic distribution: (3 + pi^2) / 9 scale^2.
    variance = scale**2 * 9.0 / (3.0 + np.pi**2) / len(rest)
    return Told((name,), np.array([scale]), np.array([[variance]]))


def told(until: str) -> list[Told]:
    """What the regressions tell by a month.

    Raises:
        InputError: ``until`` leaves no half year.
    """
    frame = contingents(until)
    return [*arrivals(frame), *changes(frame)]


def draws(found: list[Told], count: int, seed: int = SEED) -> pd.DataFrame:
    """Draws of ``SIZED`` around what was told, within the documented ranges."""
    known = {column.name: column for column in parameter_values.columns()}
    rng = np.random.default_rng([seed, 17])
    out = {}
    for block in found:
        drawn = rng.multivariate_normal(block.value, block.covariance, size=count)
        for name, values in zip(block.names, drawn.T, strict=True):
            out[name] = np.clip(values, known[name].low, known[name].high)
    return pd.DataFrame(out)[[*SIZED]]


def leaving(until: str) -> pd.DataFrame:
    """Units that were there, by quarters of their size: ``share`` that left in half a year, and
    how many ``units`` there were.  Missions that ended are left out.

    Raises:
        InputError: ``until`` leaves no half year.
    """
    atlas = build(Settings(end=month_text(PANEL_LAST), deliberating=(), point=True))
    world, rows, kind = atlas.arrays, atlas.arrays.missions, KINDS.index("infantry")
    un = world.groups[rows["framework"]] == GROUP_UN
    others = ~np.isin(atlas.states, STUDIED)[:, None] & (rows["host"] != _each(atlas))
    parts = []
    for month in half_years(until):
        was, then = (_people(atlas, at)[:, :, kind] for at in (month, month + STEP))
        asked = np.zeros(len(rows))
        units = _alike(atlas, kind)
        np.add.at(asked, rows["root"][un], world.asked[month + STEP][un][:, units].sum(axis=1))
        there = (was > 0) & others & (asked > 0)
        parts.append(pd.DataFrame({"was": was[there], "left": then[there] == 0}))
    frame = pd.concat(parts, ignore_index=True)
    quarters = frame.groupby(pd.qcut(frame["was"], 4), observed=True)["left"]
    return pd.DataFrame({"share": quarters.mean(), "units": quarters.size()})


def main() -> None:
    """Print every parameter with its standard error, and who leaves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until", default="2024-06", metavar="YYYY-MM", help="last month seen")
    until = parser.parse_args().until
    for block in told(until):
        for name, value, variance in zip(
            block.names, block.value, np.diag(block.covariance), strict=True
        ):
            print(f"{name:24} {value:8.4f} {variance**0.5:8.4f}")
    print(f"\nleft in half a year, by quarters of size\n{leaving(until).round(3).to_string()}")


if __name__ == "__main__":
    main()
