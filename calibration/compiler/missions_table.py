"""Missions: their roster, the strength asked for by spell, and what that strength consists of."""

import math

import pandas as pd

from model.errors import InputError
from model.months import month_number, month_text
from model.tables import FOLDER

from ..raw_data.compiler_constants import constant
from ..raw_data.month_spells import LAST, column
from ..raw_data.raw_files import Raw, coded, number, read, records
from ..raw_data.un_panel import mission_months

COLUMNS = (
    "mission", "name", "framework", "host", "latitude", "longitude", "region", "start", "end",
    "succeeds", "family", "pivot", "source", "status", "note",
)  # fmt: skip
UN_COLUMNS = (
    "mission", "framework", "host", "territory", "start", "end", "latitude", "longitude",
    "succeeds", "source", "status", "note",
)  # fmt: skip


def others() -> pd.DataFrame:
    """Missions outside the UN panel, coded by hand."""
    read(FOLDER / "missions_other.csv", COLUMNS)
    return pd.read_csv(FOLDER / "missions_other.csv", dtype=str, keep_default_na=False)


def missions(raw: Raw, regions: dict[str, str]) -> pd.DataFrame:
    """The roster: UN missions of ``un_missions.csv`` with the names, dates and places of the UN
    list (then of the attributes file), and the coded others.

    Args:
        regions: region of each state by code.
    """
    coded_rows = coded("un_missions", UN_COLUMNS).set_index("mission")
    listed = raw.table("missions/DPPADPOSS-PKO.csv").drop_duplicates("mission_acronym")
    listed = listed.set_index("mission_acronym")
    known = raw.table("missions/mission_attributes_1990on.csv").set_index("mission_abbrev")
    panel = mission_months(raw)
    places = panel.drop_duplicates("mission").set_index("mission")
    capitals = raw.table("covariates/country_crosswalk.csv").set_index("iso3")
    rows = []
    for mission, row in coded_rows.iterrows():
        name = str(mission)
        sources = []
        dates = {}
        for end, listed_column in (("start", "start_date"), ("end", "end_date")):
            dates[end] = row[end]
            if not dates[end] and name in listed.index:
                dates[end] = _iso_month(listed.at[name, listed_column])
                sources.append("UN list")
            if not dates[end] and name in known.index and name not in listed.index:
                dates[end] = _day_month(known.at[name, end])
                sources.append("attributes file")
        if not dates["start"]:
            raise InputError(f"un_missions.csv: {name} has no start; give one as YYYY-MM")
        latitude, longitude = _place(row, name, listed, places, capitals)
        if name in listed.index:
            title = str(listed.at[name, "mission_name"])
        else:
            title = str(known.at[name, "full_name"]) if name in known.index else name
        rows.append(
            {
                "mission": name,
                "name": " ".join(title.split()),
                "framework": row["framework"],
                "host": row["host"],
                "latitude": latitude,
                "longitude": longitude,
                "region": regions.get(row["host"], "Africa"),
                "start": dates["start"],
                "end": "" if dates["end"] > month_text(LAST) else dates["end"],
                "succeeds": row["succeeds"],
                "pivot": "",
                "source": ";".join(dict.fromkeys([*filter(None, [row["source"]]), *sources])),
                "status": row["status"] if row["source"] else "sourced",
                "note": row["note"],
            }
        )
    frame = pd.concat([pd.DataFrame(rows), others()], ignore_index=True)
    frame["family"] = _families(frame)
    for name in ("latitude", "longitude"):
        frame[name] = column(number(frame, name, "missions"), 4)
    ordered = frame[list(COLUMNS)].sort_values(["start", "mission"], kind="stable")
    return ordered.reset_index(drop=True)


def _iso_month(cell: object) -> str:
    """``YYYY-MM`` of a date of the UN list, blank for none."""
    return "" if cell != cell else str(cell)[:7]


def _day_month(cell: object) -> str:
    """``YYYY-MM`` of ``DD.MM.YYYY``, blank for missions that go on."""
    parts = str(cell).split(".")
    return f"{parts[2]}-{parts[1]}" if len(parts) == 3 else ""


def _place(
    row: pd.Series, name: str, listed: pd.DataFrame, places: pd.DataFrame, capitals: pd.DataFrame
) -> tuple[float, float]:
    """Headquarters as latitude and longitude.  Both files swap the two for some missions, so the
    order that lies nearer to the capital of the host is taken."""
    if row["latitude"]:
        return float(row["latitude"]), float(row["longitude"])
    home = (16.0, -10.0)
    if row["host"] in capitals.index:
        capital = capitals.loc[row["host"]]
        home = (float(capital["cap_lat"]), float(capital["cap_lon"]))
    first = second = float("nan")
    if name in places.index:
        first = _degrees(places.at[name, "mission_hq_latitude"])
        second = _degrees(places.at[name, "mission_hq_longitude"])
    elif name in listed.index:
        first = _degrees(listed.at[name, "mission_latitude"])
        second = _degrees(listed.at[name, "mission_longitude"])
    if first != first or second != second:
        return home
    pairs = [(first, second), (second, first)]
    return min(pairs, key=lambda p: math.hypot(p[0] - home[0], p[1] - home[1]))


def _degrees(cell: object) -> float:
    """Degrees written with a point or a comma; NaN for a blank."""
    return float(str(cell).replace(",", "."))


def _families(frame: pd.DataFrame) -> list[str]:
    """First mission of each chain of successions."""
    older = dict(zip(frame["mission"], frame["succeeds"], strict=True))
    coded_family = dict(zip(frame["mission"], frame["family"].fillna(""), strict=True))
    out = []
    for name in frame["mission"]:
        root = name
        while older.get(root):
            if older[root] not in older:
                raise InputError(f"un_missions.csv: {root} succeeds {older[root]!r}, not a mission")
            root = older[root]
        out.append(coded_family.get(root) or root)
    return out


def strength(raw: Raw, roster: pd.DataFrame) -> pd.DataFrame:
    """Strength asked for as spells that cover each mission's life.

    Authorised spells where coded; a blank category and an uncoded mission take the peak of its
    deployed people over the constant ``strength_reached``, marked derived.
    """
    authorised = coded(
        "authorised_strength", ("mission", "from", "to", "military", "police", "source", "status")
    )
    reached = constant("strength_reached")
    panel = mission_months(raw)
    panel["military"] = panel["troops"] + panel["experts"]
    rows = []
    for mission in records(roster):
        start = max(month_number(mission["start"]), 0)
        end = month_number(mission["end"]) if mission["end"] else LAST
        here = panel[panel["mission"] == mission["mission"]]
        spells = authorised[authorised["mission"] == mission["mission"]].sort_values("from")
        coded_spells = records(spells)
        if not coded_spells and not here.empty:
            coded_spells = [{"from": "", "military": "", "police": "", "source": "IPI", "note": ""}]
        for place, row in enumerate(coded_spells):
            first = start if place == 0 else max(start, month_number(row["from"]))
            last = end
            if place + 1 < len(coded_spells):
                last = min(end, month_number(coded_spells[place + 1]["from"]) - 1)
            if last < first:
                continue
            inside = here[(here["month"] >= first) & (here["month"] <= last)]
            filled, notes = {}, [row["note"]] if row["note"] else []
            for name in ("military", "police"):
                filled[name] = row[name]
                if row[name] == "" and mission["framework"] in ("un_pko", "un_spm"):
                    peak = inside[name].max() if not inside.empty else 0
                    filled[name] = str(round(float(peak) / reached))
                    if peak > 0:
                        notes.append(f"{name} from the peak deployed in the spell over {reached}")
            derived = len(notes) > bool(row["note"])
            rows.append(
                {
                    "mission": mission["mission"],
                    "from": month_text(first),
                    "to": month_text(last),
                    "military": filled["military"] or "0",
                    "police": filled["police"] or "0",
                    "source": row["source"],
                    "status": "derived" if derived else row["status"],
                    "note": "; ".join(notes),
                }
            )
    frame = pd.DataFrame(rows)
    for name in ("military", "police"):
        frame[name] = column(number(frame, name, "authorised_strength.csv"), 0)
    return frame.sort_values(["mission", "from"], kind="stable").reset_index(drop=True)
