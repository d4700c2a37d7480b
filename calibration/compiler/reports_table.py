"""The compiled tables of what the United Nations reported, and of how each month is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.months import month_number, month_text
from model.run_lengths import encode

from ..raw_data.month_spells import dated, runs
from ..raw_data.monthly_reports import CELL
from ..raw_data.raw_files import Raw, coded
from ..raw_data.report_gaps import HUB, NEIGHBOURS, PRINTED, REPORTED
from ..raw_data.un_panel import CATEGORIES, state_months
from .japan_korea_table import IPI_LAST

IPI_TOTALS_LAST = month_number("2017-03")  # last month of its totals of missions
HUB_LAST = month_number("2019-12")  # last month of the hub's means that are used
SOURCES = {NEIGHBOURS: "UN reports;IPI", HUB: "UN hub;IPI"}


def un_reports(people: pd.DataFrame) -> pd.DataFrame:
    """One row a state, mission and kind that is ever reported: months as run lengths."""
    return series(people, CELL)


def un_state_totals(raw: Raw) -> pd.DataFrame:
    """One row a state and category, all missions together: November 1990 to March 2014."""
    long = state_months(raw).melt(["state", "month"], list(CATEGORIES), "category", "people")
    wide = long.pivot(index=["state", "category"], columns="month", values="people")
    return series(wide.fillna(0).astype(int), ["state", "category"])


def series(wide: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Series by month, from the first month with anybody to the last."""
    rows = []
    for key, values in zip(wide.index, wide.to_numpy(), strict=True):
        there = np.flatnonzero(values)
        if len(there):
            first, last = there[0], there[-1]
            series = encode(values[first : last + 1])
            rows.append((*key, month_text(int(wide.columns[first])), series))
    return pd.DataFrame(rows, columns=[*keys, "from", "people"])


def coverage(rules: dict[int, str], totals: pd.DataFrame) -> pd.DataFrame:
    """From when to when each series is known, how, and from which source.

    Args:
        rules: how each month of ``un_reports`` is known.
        totals: months of ``un_state_totals``, column ``month``.
    """
    cells = pd.DataFrame({"series": "un_reports", "month": list(rules), "rule": rules.values()})
    cells["status"] = np.where(cells["rule"] == REPORTED, "sourced", "derived")
    late = cells["month"] > IPI_TOTALS_LAST
    sources = cells["rule"].map(SOURCES).fillna("UN reports").mask(late, "UN reports")
    hub = (cells["rule"] == PRINTED) & (cells["month"] <= HUB_LAST)
    cells["source"] = sources.mask(cells["month"] <= IPI_LAST, "IPI").mask(hub, "UN reports;UN hub")
    states = pd.DataFrame({"series": "un_state_totals", "month": sorted(set(totals["month"]))})
    states = states.assign(rule="", status="sourced", source="IPI")
    spells = dated(runs(pd.concat([cells, states]), ["series"], ["status", "rule", "source"]))
    columns = ["series", "from", "to", "status", "rule", "source"]
    both = pd.concat([coded("coverage", columns)[columns], spells[columns]])
    return both.sort_values(["series", "from"], kind="stable").reset_index(drop=True)
