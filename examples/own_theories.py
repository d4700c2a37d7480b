"""Two theories beside ours, scored against the record: norms that spread, and rules of thumb.

The first is a term of the utility: a state follows its region (``norms``).  The others replace the
choice: a state goes where the ally asks and the public agrees (``AllyAndPublic``), or where enough
of its region is already there (``Threshold``, Granovetter 1978).  ``python -m
examples.own_theories`` prints one table; docs/tutorials/7-your-own-theory.md explains each step.
"""

import sys
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

import peacekeeping as pk
from model.months import month_number, month_text
from model.tables import table

STATES = ("JPN", "KOR")
LAG = 12  # months after which a state takes notice of its region


@cache
def norms() -> pd.DataFrame:
    """Share of the other states of its region that had people in a mission a year before.

    One row for each state, mission and month in which the share changes.  Japan and Korea are left
    out of each other's region: whether they are there is for the model to say.
    """
    regions = table("states").set_index("iso3")["region"]
    spells = table("contributions")
    rows = []
    for state in STATES:
        region = set(regions[regions == regions[state]].index) - set(STATES)
        near = spells[spells["state"].isin(region)]
        for mission, own in near.groupby("mission"):
            present: dict[int, set[str]] = {}
            for other, first, last in own[["state", "from", "to"]].itertuples(index=False):
                for month in range(month_number(first), month_number(last) + 1):
                    present.setdefault(month, set()).add(other)
            before = 0.0
            for month in range(min(present), max(present) + 2):
                share = len(present.get(month, ())) / len(region)
                if share != before:
                    at = month_text(month + LAG)
                    rows.append({"state": state, "mission": mission, "month": at, "value": share})
                before = share
    return pd.DataFrame(rows)


class AllyAndPublic(pk.StateAgent):
    """Goes where the ally asks by name and more than half of the public agrees; stays for good."""

    def choose(self, request, menu):
        support = self.opinion_coalition if request.group == "coalition" else self.opinion_un
        if request.by_ally and support > 0.5:
            return next((one for one in menu if not one.shut_by), None)
        return None

    def extend(self, presence):
        return True


class Threshold(pk.StateAgent):
    """Goes where at least a tenth of its region is, and leaves when fewer are."""

    least = 0.1
    shares = None

    def share(self, mission):
        """Share of the region that was there a year ago, as in ``norms``."""
        if type(self).shares is None:
            type(self).shares = pk.Term("diffusion", norms())
        return self.shares.value(self.code, mission, self.model.month)

    def choose(self, request, menu):
        if self.share(request.mission) >= self.least:
            return next((one for one in menu if not one.shut_by), None)
        return None

    def extend(self, presence):
        return self.share(presence.mission) >= self.least


def scores(result: pk.Result) -> dict[str, float]:
    """How far a result is from the record of both states; less is better.

    CRPS of the yearly mean of people in UN missions, on log(1 + people), by state; and the Brier
    score of being in a mission at all in a year, over every year of every UN mission.
    """
    found = {}
    record = result.record[result.record["framework"] == "un"]
    for state in STATES:
        simulated = yearly(result.to_frame(state=state, framework="un"))
        people = record[record["state"] == state].groupby("month")["value"].sum()
        people.index = pd.PeriodIndex(people.index, freq="M")
        known = yearly(people.reindex(result.to_frame(state=state).index, fill_value=0.0))
        found[f"CRPS {state}"] = crps(simulated.to_numpy(), known.to_numpy())
    found["Brier"] = brier(result, record)
    return found


def yearly(months: Any) -> Any:
    """Yearly means on log(1 + people)."""
    return np.log1p(months.groupby(months.index.year).mean())


def crps(runs: np.ndarray, known: np.ndarray) -> float:
    """Mean over years of the fair CRPS; ``runs``: float64[years, runs]."""
    count = runs.shape[1]
    apart = np.abs(runs[:, :, None] - runs[:, None, :]).sum(axis=(1, 2))
    apart = apart / (2 * count * max(1, count - 1))
    return float((np.abs(runs - known[:, None]).mean(axis=1) - apart).mean())


def brier(result: pk.Result, record: pd.DataFrame) -> float:
    """Brier score of presence by state, mission and year."""
    keys = ["state", "mission", "year"]
    rows = result.missions
    rows = rows[(rows["framework"] == "un") & (rows["value"] > 0)]
    runs = int(result.manifest["runs"])
    rows = rows.assign(year=rows["month"].str[:4])[["run", *keys]].drop_duplicates()
    share = rows.groupby(keys).size() / runs
    there = record[record["value"] > 0].assign(year=lambda one: one["month"].str[:4])
    known = there.groupby(keys).size().clip(upper=1)
    both = pd.DataFrame({"share": share, "known": known}).fillna(0.0)
    frame = result.manifest["frame"]
    missions = table("missions")
    missions = missions[missions["framework"].isin(("un_pko", "un_spm"))]
    first = missions["start"].clip(lower=frame["start"]).str[:4].astype(int)
    last = missions["end"].replace("", frame["end"]).clip(upper=frame["end"]).str[:4].astype(int)
    cells = len(STATES) * (last - first + 1).clip(lower=0).sum()
    return float(((both["share"] - both["known"]) ** 2).sum() / cells)


def compared(runs: int = 100, rule_runs: int = 10, seed: int = 1, **period: Any) -> pd.DataFrame:
    """The table: each theory and its scores.  Rules run under Mesa, seconds a run."""
    norm = pk.fit_term(pk.Term("diffusion", norms()))
    fitted = pk.Term("diffusion", norms(), weight=norm.mean)
    how: dict[str, Any] = {"seed": seed, **period}
    results = {
        "ours": pk.run("historical", runs=runs, **how),
        f"ours and diffusion ({norm.mean:+.1f})": pk.run(
            "historical", runs=runs, terms=[fitted], **how
        ),
    }
    for name, rule in {"ally and public": AllyAndPublic, "threshold": Threshold}.items():
        agents = dict.fromkeys(STATES, rule)
        results[name] = pk.run("historical", runs=rule_runs, agent_class=agents, **how)
    print(norm)
    return pd.DataFrame({name: scores(one) for name, one in results.items()}).T


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    found = compared(20, 2) if quick else compared()
    print(found.round(3).to_string())
