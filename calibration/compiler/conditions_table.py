"""Conditions of each mission by spell: ceasefire, consent, force, protection, opponent, mandate."""

import pandas as pd

from model.errors import InputError
from model.months import month_number

from ..raw_data.month_spells import LAST, dated, runs
from ..raw_data.raw_files import Raw, coded, records
from ..raw_data.un_panel import aliases

COLUMNS = ("mission", "from", "to", "ceasefire", "consent", "force_level", "tasks", "source")
VALUES = (
    "ceasefire", "consent", "force_level", "protection", "rival", "un_resolution", "tasks",
    "source", "status",
)  # fmt: skip
TAMM_LAST = month_number("2015-12")
# UN missions stand on a resolution of the Security Council; others need one in the coded table.
MANDATED = ("un_pko", "un_spm")
QUIET = {
    "ceasefire": "holds",
    "consent": "full",
    "force_level": "0",
    "tasks": "",
    "source": "default of the framework",
    "status": "assumption",
}
# A coalition at war without a coded row.
WAR = QUIET | {"ceasefire": "fails", "force_level": "3"}


def conditions(raw: Raw, roster: pd.DataFrame) -> pd.DataFrame:
    """Spells that cover every month of every mission, January 1990 to the last documented month.

    Coded spells are carried over gaps (the last known one, else the first); protection of civilians
    is the mandate's task in TAMM to 2015, held afterwards, and a coded task that names civilians;
    the opponent comes from ``rivals.csv``.
    """
    spells = coded("conditions", (*COLUMNS, "status"))
    rivals = coded("rivals", ("mission", "from", "to", "rival"))
    backed = coded("other_missions", ("mission", "resolution"))
    backed_names = set(backed.loc[backed["resolution"] != "", "mission"])
    known = set(roster["mission"])
    for name, frame in (("conditions.csv", spells), ("rivals.csv", rivals)):
        strange = sorted(set(frame["mission"]) - known)
        if strange:
            raise InputError(f"{name}: {strange[0]!r} is not in the roster of missions")
    protects = _protection(raw)
    rows = []
    for mission in records(roster):
        name = mission["mission"]
        first = max(0, month_number(mission["start"]))
        last = month_number(mission["end"]) if mission["end"] else LAST
        own = _by_month(spells[spells["mission"] == name], first, last)
        enemy = _by_month(rivals[rivals["mission"] == name], first, last)
        mandated = int(mission["framework"] in MANDATED or name in backed_names)
        default = WAR if mission["framework"] == "coalition" else QUIET
        for month in range(first, last + 1):
            row = own.get(month, default)
            task = protects.get((name, min(month, TAMM_LAST)))
            if task is None:
                task = _last_before(protects, name, month)
            coded_task = "civilian" in row["tasks"] or "protection" in row["tasks"]
            rows.append(
                {
                    "mission": name,
                    "month": month,
                    "ceasefire": row["ceasefire"],
                    "consent": row["consent"],
                    "force_level": row["force_level"],
                    "protection": str(int(task if task is not None else coded_task)),
                    "rival": enemy.get(month, {"rival": "none"})["rival"],
                    "un_resolution": str(mandated),
                    "tasks": row["tasks"],
                    "source": row["source"],
                    "status": row["status"],
                }
            )
    return dated(runs(pd.DataFrame(rows), ["mission"], list(VALUES)))


def _by_month(frame: pd.DataFrame, first: int, last: int) -> dict[int, dict[str, str]]:
    """The coded row of each month; gaps hold the last known one, months before it the first."""
    out: dict[int, dict[str, str]] = {}
    for row in records(frame.sort_values("from", kind="stable")):
        begin = month_number(row["from"]) if row["from"] else first
        end = month_number(row["to"]) if row["to"] else last
        for month in range(max(first, begin), min(last, end) + 1):
            out[month] = row
    if not out:
        return out
    held = out[min(out)]
    for month in range(first, last + 1):
        held = out.get(month, held)
        out[month] = held
    return out


def _protection(raw: Raw) -> dict[tuple[str, int], int]:
    """Whether the mandate protects civilians, by mission and month, to December 2015."""
    frame = raw.table("missions/TAMM.csv")
    frame["mission"] = frame["mission"].replace(aliases("mission"))
    frame["number"] = (frame["year"] - 1990) * 12 + frame["month"] - 1
    frame = frame[frame["number"] >= 0]
    groups = frame.groupby(["mission", "number"])["prociv"].max()
    return dict(
        zip(
            zip(groups.index.get_level_values(0), groups.index.get_level_values(1), strict=True),
            groups.astype(int),
            strict=True,
        )
    )


def _last_before(protects: dict[tuple[str, int], int], name: str, month: int) -> int | None:
    """The latest known task at or before a month; the first known one; ``None`` if unknown."""
    months = sorted(n for m, n in protects if m == name)
    if not months:
        return None
    earlier = [n for n in months if n <= month]
    return protects[(name, earlier[-1] if earlier else months[0])]
