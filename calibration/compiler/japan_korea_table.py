"""Contributions of Japan and Korea by mission and kind: first the panel, then the record."""

import numpy as np
import pandas as pd

from model.errors import InputError
from model.months import month_number, month_text
from model.vocabulary import COUNTED, STUDIED

from ..raw_data.month_spells import dated, months_of, runs
from ..raw_data.proportional_fitting import apportioned
from ..raw_data.raw_files import Raw, coded, number, records
from ..raw_data.report_gaps import REPORTED, Panel
from ..raw_data.un_panel import state_months

UNITS_OF = {"experts": "observer", "police": "police"}
KEYS = ["state", "mission", "category", "month"]
IPI_LAST = month_number("2014-08")  # last month of the dyads of the IPI database
COLUMNS = ["state", "mission", "kind", "from", "to", "personnel", "national_personnel"]


def contributions(raw: Raw, roster: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    """Spells of both states in all missions by kind.

    ``personnel`` is the UN count (the size itself outside the UN), ``national_personnel`` what the
    state says, blank where unknown.  Rules: observed (reports from November 2009), filled (months
    without a report), attributed (state
    totals over few missions before), divided (observers and staff over known posts), gap (months
    that the panel lacks), record (outside the panel), carried (last observed value held).
    """
    record = _record(roster)
    monthly = pd.concat(
        [_by_kind(_panel(raw, panel), record), _outside(record, roster, raw, panel)],
        ignore_index=True,
    )
    monthly = _inside(monthly, roster)
    keys = ["state", "mission", "kind", "month"]
    firsts = {"national": "max", "status": "first", "source": "first", "rule": "first"}
    monthly = monthly.groupby(keys, as_index=False, sort=True).agg({"people": "sum"} | firsts)
    values = ["people", "national", "source", "status", "rule"]
    monthly["national"] = monthly["national"].fillna(-1).astype(int)
    frame = dated(runs(monthly, ["state", "mission", "kind"], values))
    frame["personnel"] = frame["people"].astype(int).astype(str)
    frame["national_personnel"] = [str(n) if n >= 0 else "" for n in frame["national"]]
    return frame[[*COLUMNS, "source", "status", "rule"]]


def _inside(monthly: pd.DataFrame, roster: pd.DataFrame) -> pd.DataFrame:
    """Months within the dates of their missions: people on their way home are not counted."""
    dates = roster.set_index("mission")
    start, end = (monthly["mission"].map(dates[name]) for name in ("start", "end"))
    written = monthly["month"].map(month_text)
    return monthly[(written >= start) & ((end == "") | (written <= end))]


def _record(roster: pd.DataFrame) -> pd.DataFrame:
    """Coded deployments with month numbers, checked against the roster."""
    frame = coded(
        "deployments",
        ("state", "mission", "kind", "from", "to", "personnel", "national_personnel", "source"),
    )
    missions = roster.set_index("mission")
    for line, row in enumerate(records(frame), start=2):
        where = f"deployments.csv, line {line}"
        if row["mission"] not in missions.index:
            raise InputError(f"{where}: {row['mission']!r} is not in the roster of missions")
        mission = missions.loc[row["mission"]]
        late = mission["end"] and row["to"] > mission["end"]
        if row["from"] < mission["start"] or late or row["to"] < row["from"]:
            raise InputError(f"{where}: {row['from']} to {row['to']} lies outside the mission")
    frame["first"] = months_of(frame["from"])
    frame["last"] = months_of(frame["to"])
    frame["people"] = number(frame, "personnel", "deployments.csv")
    frame["national"] = number(frame, "national_personnel", "deployments.csv")
    return frame


def _panel(raw: Raw, panel: Panel) -> pd.DataFrame:
    """UN people of both states by mission, category and month as far as the reports go."""
    old = raw.table("contributions/jpn_kor_dyad_attributed_1992_200910.csv")
    old = old.rename(columns={"iso3": "state", "type": "category", "n": "people"})
    old["month"] = months_of(old["date"])
    old["status"] = "derived"
    old["rule"] = "attributed"
    old.loc[old["confidence"] == "high", "status"] = "sourced"
    old = pd.concat([old[old["mission"] != "UNDIVIDED"], _divided(_corrected(old))])
    new = _reported(panel)
    columns = [*KEYS, "people", "status", "rule"]
    both = pd.concat([old[columns], new[columns]], ignore_index=True)
    both = both[both["people"] > 0]
    firsts = {"people": "sum", "status": "min", "rule": "first"}
    both = both.groupby(KEYS, as_index=False, sort=True).agg(firsts)
    both["source"] = np.where(both["month"] <= IPI_LAST, "IPI", "UN reports")
    return both


def _reported(panel: Panel) -> pd.DataFrame:
    """People of both states in the reports by mission, category (officers apart) and month."""
    frame = panel.long()
    frame = frame[frame["state"].isin(STUDIED)]
    told = frame["rule"] == REPORTED
    return frame.assign(
        category=frame["category"].mask(frame["kind"] == "staff_officers", "staff"),
        status=np.where(told, "sourced", "derived"),
        rule=np.where(told, "observed", "filled"),
    )


def _corrected(old: pd.DataFrame) -> pd.DataFrame:
    """The undivided people, with the few cells of the panel that cannot be right replaced."""
    left = old[old["mission"] == "UNDIVIDED"].copy()
    fixes = corrections()
    for row in records(fixes):
        hit = (
            (left["state"] == row["state"])
            & (left["month"] == row["number"])
            & (left["category"] == row["category"])
        )
        if int(left.loc[hit, "people"].sum()) != int(row["observed"]):
            raise InputError(
                f"panel_corrections.csv: {row['state']} {row['month']} {row['category']} is not "
                f"{row['observed']} in the panel any more; look at the row again"
            )
        left.loc[hit, "people"] = int(row["used"])
    return left


def corrections() -> pd.DataFrame:
    """Cells of the panel that are not used as they stand, with the month as a number too."""
    columns = ("state", "month", "category", "observed", "used", "source", "status")
    frame = coded("panel_corrections", columns)
    frame["number"] = months_of(frame["month"])
    return frame


def _divided(left: pd.DataFrame) -> pd.DataFrame:
    """Undivided people over the posts known for the month, in proportion, by largest remainder."""
    posts = coded(
        "undivided_posts", ("state", "category", "mission", "from", "to", "expected", "source")
    )
    posts["first"] = months_of(posts["from"])
    posts["last"] = months_of(posts["to"])
    rows = []
    for row in records(left[left["people"] > 0]):
        here = posts[
            (posts["state"] == row["state"])
            & (posts["category"] == row["category"])
            & (posts["first"] <= row["month"])
            & (posts["last"] >= row["month"])
        ]
        if here.empty:
            raise InputError(
                f"undivided_posts.csv: no post for {row['people']} {row['category']} of "
                f"{row['state']} in {month_text(int(row['month']))}"
            )
        weights = here["expected"].astype(float).to_list()
        parts = apportioned(int(row["people"]), weights)
        for mission, people in zip(here["mission"], parts, strict=True):
            rows.append(
                row | {"mission": mission, "people": people, "status": "derived", "rule": "divided"}
            )
    return pd.DataFrame(rows)


def _by_kind(panel: pd.DataFrame, record: pd.DataFrame) -> pd.DataFrame:
    """Categories of the panel as kinds: troops are a unit besides the documented officers."""
    apart = panel.loc[panel["category"] == "staff", "month"].min()
    units = coded("component_kinds", ("state", "mission", "kind", "smallest", "source"))
    kind_of = {(r["state"], r["mission"]): r for r in records(units)}
    rows = []
    for row in records(panel):
        months = record[
            (record["state"] == row["state"])
            & (record["mission"] == row["mission"])
            & (record["first"] <= row["month"])
            & (record["last"] >= row["month"])
        ]
        parts = {UNITS_OF.get(row["category"], "staff"): int(row["people"])}
        unit = kind_of.get((row["state"], row["mission"]))
        if row["category"] == "troops" and unit is not None:
            staff = months[months["kind"] == "staff"]
            officers = int(staff["people"].fillna(staff["national"]).fillna(0).sum())
            officers = min(officers, int(row["people"])) if row["month"] < apart else 0
            rest = int(row["people"]) - officers
            if rest >= int(unit["smallest"]):
                parts = {unit["kind"]: rest, "staff": officers}
        for kind, people in parts.items():
            if people == 0:
                continue
            same = months[months["kind"] == kind]
            national = same["national"].max() if not same.empty else float("nan")
            rows.append(row | {"kind": kind, "people": people, "national": national})
    return pd.DataFrame(rows)


def _outside(record: pd.DataFrame, roster: pd.DataFrame, raw: Raw, panel: Panel) -> pd.DataFrame:
    """Documented months that no panel covers: other operations, kinds that are not counted,
    months that the panel lacks, and everything after the last report.

    A coded count of zero means people who are not counted here: in UN missions they are on the
    ground before the UN count has them (their national size is kept next to it), elsewhere they
    already stand in another operation."""
    framework = dict(zip(roster["mission"], roster["framework"], strict=True))
    totals = state_months(raw)
    told = {s: set(totals.loc[totals["state"] == s, "month"]) for s in STUDIED}
    for state in STUDIED:
        told[state] |= set(panel.rules)
    end = max(panel.rules)
    reported = _panel(raw, panel)
    latest = _by_kind(reported[reported["month"] == end], record)
    last = latest.groupby(["state", "mission", "kind"])["people"].sum()
    rows = []
    for row in records(record):
        counted = framework[row["mission"]] in ("un_pko", "un_spm")
        counted &= row["kind"] in COUNTED
        key = (row["state"], row["mission"], row["kind"])
        for month in range(row["first"], row["last"] + 1):
            people, national = row["people"], row["national"]
            rule, status, source = "record", row["status"], row["source"]
            if counted and month <= end and people != 0:
                if month in told[row["state"]] or _before_panel(month):
                    continue
                rule, status = "gap", "derived"
                if people != people:
                    people = national
            elif counted and row["first"] <= end < month and key in last.index:
                people, rule, status = int(last[key]), "carried", "derived"
            if people != people:
                raise InputError(
                    f"deployments.csv: {row['mission']} of {row['state']} has no personnel for "
                    f"{month_text(month)}, which the panel does not tell"
                )
            if people == 0 and not counted:
                national = float("nan")
            rows.append(
                {
                    "state": row["state"],
                    "mission": row["mission"],
                    "kind": row["kind"],
                    "month": month,
                    "people": int(people),
                    "national": national,
                    "status": status,
                    "source": source,
                    "rule": rule,
                }
            )
    return pd.DataFrame(rows)


def _before_panel(month: int) -> bool:
    """Whether a month lies before the monthly panel of the United Nations."""
    return month < month_number("1990-11")
