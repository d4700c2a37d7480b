"""An invented result in the shape of Japan's and Korea's history, to draw and to look at.

The spells are rounded and serve only as a shape, not as data; nothing here
is evidence. The simulated runs are the same spells with shifted dates and sizes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.months import month_number, month_text

FIRST, LAST = "1990-11", "2023-12"
# state, framework, mission, kind, from, to, people
SPELLS = [
    ("JPN", "un", "UNTAC", "engineer", "1992-09", "1993-09", 600),
    ("JPN", "un", "UNTAC", "police", "1992-10", "1993-07", 75),
    ("JPN", "un", "UNTAC", "observer", "1992-09", "1993-09", 8),
    ("JPN", "un", "ONUMOZ", "movement_control", "1993-05", "1995-01", 48),
    ("JPN", "un", "ONUMOZ", "staff", "1993-05", "1995-01", 5),
    ("JPN", "un", "UNDOF", "transport", "1996-02", "2013-01", 43),
    ("JPN", "un", "UNDOF", "staff", "1996-02", "2013-01", 3),
    ("JPN", "un", "UNAMET", "police", "1999-07", "1999-09", 3),
    ("JPN", "un", "UNTAET", "engineer", "2002-03", "2002-05", 680),
    ("JPN", "un", "UNMISET", "engineer", "2002-06", "2004-06", 540),
    ("JPN", "un", "UNMIT", "police", "2007-01", "2008-02", 2),
    ("JPN", "un", "UNMIN", "observer", "2007-03", "2011-01", 6),
    ("JPN", "un", "UNMIS", "staff", "2008-10", "2011-07", 2),
    ("JPN", "un", "MINUSTAH", "engineer", "2010-02", "2012-12", 250),
    ("JPN", "un", "UNMISS", "engineer", "2012-01", "2017-05", 270),
    ("JPN", "un", "UNMISS", "staff", "2011-11", "2023-12", 4),
    ("JPN", "coalition", "Iraq relief (OIF)", "engineer", "2004-01", "2006-07", 600),
    ("JPN", "coalition", "OEF-MIO", "naval", "2001-11", "2010-01", 330),
    ("JPN", "coalition", "CTF-151", "naval", "2009-03", "2023-12", 200),
    ("JPN", "other", "MFO", "staff", "2019-04", "2023-12", 2),
    ("KOR", "un", "UNOSOM II", "engineer", "1993-07", "1994-03", 252),
    ("KOR", "un", "MINURSO", "medical", "1994-09", "2006-05", 20),
    ("KOR", "un", "UNOMIG", "observer", "1994-10", "2009-07", 7),
    ("KOR", "un", "UNMOGIP", "observer", "1994-11", "2023-12", 8),
    ("KOR", "un", "UNAVEM III", "engineer", "1995-10", "1996-12", 198),
    ("KOR", "un", "UNTAET", "infantry", "1999-10", "2002-05", 440),
    ("KOR", "un", "UNMISET", "infantry", "2002-06", "2003-10", 400),
    ("KOR", "un", "UNIFIL", "infantry", "2007-07", "2023-12", 330),
    ("KOR", "un", "UNIFIL", "staff", "2007-07", "2023-12", 20),
    ("KOR", "un", "MINUSTAH", "engineer", "2010-02", "2012-12", 240),
    ("KOR", "un", "UNAMID", "staff", "2009-06", "2017-12", 2),
    ("KOR", "un", "UNMISS", "engineer", "2013-03", "2023-12", 275),
    ("KOR", "coalition", "OIF/MNF-I", "infantry", "2004-04", "2008-12", 2800),
    ("KOR", "coalition", "OEF/ISAF", "engineer", "2003-02", "2007-12", 150),
    ("KOR", "coalition", "CTF-151", "naval", "2009-03", "2023-12", 300),
]
COLUMNS = [
    *("scenario", "run", "seed", "month", "state", "framework"),
    *("mission", "kind", "variable", "unit", "value"),
]
PARTS = ["scenario", "run", "seed", "month", "state", "framework"]


def months_of(spells: pd.DataFrame) -> pd.DataFrame:
    """Expand spells (low, high: month numbers, both included) to one row per month."""
    length = (spells["high"] - spells["low"] + 1).to_numpy()
    rows = spells.loc[spells.index.repeat(length)].reset_index(drop=True)
    offset = np.arange(len(rows)) - np.repeat(np.cumsum(length) - length, length)
    number = rows["low"].to_numpy() + offset
    names = {n: month_text(n) for n in np.unique(number)}
    return rows.assign(month=[names[n] for n in number])


def totals(parts: pd.DataFrame) -> pd.DataFrame:
    """Return totals over missions, by kind and for all kinds together."""
    every = [*PARTS, "kind"]
    both = pd.concat([parts, parts.assign(kind="all")])
    sums = both.groupby(every, as_index=False, observed=True)["value"].sum()
    return sums.assign(mission="all", variable="personnel", unit="people")[COLUMNS]


def recorded() -> pd.DataFrame:
    """Return the invented record by mission and kind, month by month."""
    frame = pd.DataFrame(
        SPELLS, columns=["state", "framework", "mission", "kind", "from", "to", "value"]
    )
    frame["low"], frame["high"] = frame["from"].map(month_number), frame["to"].map(month_number)
    rows = months_of(frame).assign(scenario="record", run=0, seed=0)
    return rows.assign(variable="personnel", unit="people")[COLUMNS]


def simulated(runs: int = 200, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return invented (series, missions) of `runs` runs."""
    chance = np.random.default_rng(seed)
    extra = ("JPN", "un", "UNAMIR", "medical", "1994-03", "1996-02", 60)
    frame = pd.DataFrame(
        [*SPELLS, extra],
        columns=["state", "framework", "mission", "kind", "from", "to", "value"],
    )
    frame["low"], frame["high"] = frame["from"].map(month_number), frame["to"].map(month_number)
    many = frame.loc[frame.index.repeat(runs)].reset_index(drop=True)
    many["run"] = np.tile(np.arange(runs), len(frame))
    many["seed"], many["scenario"] = seed, "historical"
    size = len(many)
    likely = {"un": 0.8, "coalition": 0.7, "other": 0.5}
    chosen = chance.random(size) < many["framework"].map(likely)
    chosen &= (many["mission"] != "UNAMIR") | (chance.random(size) < 0.4)
    many["low"] += chance.integers(-5, 12, size)
    many["high"] += chance.integers(-14, 15, size)
    many["low"] = many["low"].clip(lower=month_number(FIRST))
    many["high"] = many["high"].clip(upper=month_number(LAST))
    many["value"] = np.maximum(1, many["value"] * chance.lognormal(0, 0.18, size)).round()
    kept = many[chosen & (many["high"] >= many["low"])].reset_index(drop=True)
    parts = months_of(kept).assign(variable="personnel", unit="people")[COLUMNS]
    return totals(parts), parts
