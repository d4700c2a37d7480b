"""Japan and Korea in new months: the reports' people by the kinds that the record knows."""

from __future__ import annotations

import pandas as pd

from model import coverage
from model.months import NEVER, month_number, month_text
from model.tables import numbers, table
from model.vocabulary import STUDIED
from model.world.missions import roster
from model.world.recorded_contributions import group_of_missions

from ..raw_data.month_spells import dated, runs, spread
from ..raw_data.proportional_fitting import apportioned

KEYS = ["state", "mission", "kind"]
FIXED = ["national_personnel", "source", "status", "rule"]
OBSERVED, FILLED, CARRIED = "observed", "filled", "carried"


def contributions(long: pd.DataFrame, sources: dict[int, str]) -> pd.DataFrame:
    """The table ``contributions`` with the new months of both states.

    A reported kind is shared out over the kinds in which the record has its people in that month,
    in their proportion (units are engineers, say); where it has none, it is the kind that
    ``report_kinds`` names.  Later months hold the last value reported unless they are documented.
    People whom the UN does not count stay as documented.

    Args:
        long: state, mission, kind as reported, month (number), people, rule of new months.
        sources: the source of each new month.
    """
    frame = table("contributions")
    counted = numbers(frame, "contributions", "personnel") > 0
    un = frame["mission"].map(group_of_missions()) == "un"
    reported = _reported_kinds()
    own = frame["state"].isin(STUDIED) & counted & un & frame["kind"].isin(reported)
    own &= frame["to"] >= month_text(min(sources) - 1)
    monthly = monthly_rows(frame[own])
    new = _by_kind(long[long["state"].isin(STUDIED)], monthly, reported, sources)
    both = pd.concat([monthly[~monthly["month"].isin(sources)], new], ignore_index=True)
    if max(sources) >= coverage.last("un_reports"):
        both = pd.concat([both[both["month"] <= max(sources)], _carried(both, max(sources))])
    spells = dated(runs(both, KEYS, ["people", *FIXED]))
    spells["personnel"] = spells["people"].astype(str)
    out = pd.concat([frame[~own], spells[list(frame)]])
    return out.sort_values([*KEYS, "from"], kind="stable").reset_index(drop=True)


def _carried(monthly: pd.DataFrame, end: int) -> pd.DataFrame:
    """Months after the last reported one: where nothing is documented, what was reported last."""
    later = monthly[monthly["month"] > end]
    documented = later[later["rule"] != CARRIED]
    last = _inside(monthly[monthly["month"] == end].assign(rule=CARRIED, status="derived"), end)
    cells, keys = [*KEYS, "month"], pd.MultiIndex.from_frame(last[KEYS])
    known = pd.MultiIndex.from_frame(last[cells])
    open_end = ~keys.isin(pd.MultiIndex.from_frame(later[KEYS]))
    held = later[later["rule"] == CARRIED].set_index(cells)["source"]
    carried = last[open_end | known.isin(held.index)]
    source = pd.Series(
        held.reindex(pd.MultiIndex.from_frame(carried[cells])).to_numpy(), carried.index
    )
    return pd.concat([documented, carried.assign(source=source.fillna(carried["source"]))])


def _inside(rows: pd.DataFrame, end: int) -> pd.DataFrame:
    """Rows for every month after ``end`` that deployments cover, while their missions stand."""
    months = pd.DataFrame({"month": range(end + 1, coverage.last("deployments") + 1)})
    out = rows.drop(columns="month").merge(months, how="cross")
    ends = dict(zip(roster()["mission"], roster()["end"], strict=True))
    shut = out["mission"].map({m: month_number(t) if t else NEVER for m, t in ends.items()})
    return out[out["month"] <= shut]


def _reported_kinds() -> dict[str, str]:
    """The kind of the reports under which each kind of the model stands."""
    kinds = table("kinds")
    by_category = {
        "experts": "experts_on_mission",
        "troops": "troops",
        "police": "individual_police",
    }
    out = {
        row["kind"]: by_category[row["category"]]
        for row in kinds.to_dict("records")
        if row["category"] in by_category
    }
    return out | {"staff": "staff_officers", "formed_police": "formed_police_units"}


def monthly_rows(spells: pd.DataFrame) -> pd.DataFrame:
    """A row a month of each spell, ``people`` as numbers."""
    frame = spells.assign(people=spells["personnel"].astype(int))
    for name in ("from", "to"):
        frame[name] = [month_number(text) for text in frame[name]]
    return spread(frame)[[*KEYS, "month", "people", *FIXED]]


def _by_kind(
    long: pd.DataFrame, monthly: pd.DataFrame, reported: dict[str, str], sources: dict[int, str]
) -> pd.DataFrame:
    """What was reported, by the kinds of the model."""
    below = table("report_kinds").set_index("reported")
    dates = roster().set_index("mission")
    rows = []
    for row in long.to_dict("records"):
        state, mission, month = row["state"], row["mission"], int(row["month"])
        if mission not in dates.index:
            continue
        end = dates.loc[mission, "end"]
        if month_text(month) < dates.loc[mission, "start"] or (end and month_text(month) > end):
            continue
        here = monthly[(monthly["state"] == state) & (monthly["mission"] == mission)]
        here = here[here["kind"].map(reported) == row["kind"]]
        known = next(
            (
                part
                for m in (month, month - 1, min(sources) - 1)
                if len(part := here[here["month"] == m])
            ),
            here[:0],
        )
        if known.empty:
            kind = below.loc[row["kind"]]
            unit = kind["unit_from"] and row["people"] >= float(kind["unit_from"])
            shares = [(kind["unit"] if unit else kind["below"], int(row["people"]), "")]
        else:
            people = apportioned(int(row["people"]), list(known["people"].astype(float)))
            shares = list(zip(known["kind"], people, known["national_personnel"], strict=True))
        for name, amount, national in shares:
            rows.append(
                {
                    "state": state,
                    "mission": mission,
                    "kind": name,
                    "month": month,
                    "people": amount,
                    "national_personnel": national,
                    "source": sources[month],
                    "status": "derived" if row["rule"] else "sourced",
                    "rule": FILLED if row["rule"] else OBSERVED,
                }
            )
    frame = pd.DataFrame(rows, columns=[*KEYS, "month", "people", *FIXED])
    keys = [*KEYS, "month"]
    firsts = dict.fromkeys(FIXED, "first")
    frame = frame[frame["people"] > 0]
    return frame.groupby(keys, as_index=False, sort=True).agg({"people": "sum"} | firsts)
