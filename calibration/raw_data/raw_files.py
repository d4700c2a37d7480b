"""The raw files of others, read from a folder that the user names and never kept here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.errors import InputError

RECORD = Path(__file__).parents[1] / "record"

# What a file must have before anything is read out of it.
COLUMNS: dict[str, tuple[str, ...]] = {
    "contributions/ppp_mission_month_199011_201703.csv": (
        "date", "country_of_mission_iso3", "mission_hq_longitude", "mission_hq_latitude", "troops",
        "police", "observers", "mission_std",
    ),
    "contributions/ppp_country_month_199011_201403.csv": (
        "contributor", "date", "troops", "police", "experts",
    ),
    "contributions/ppp_dyad_month_200911_201408.csv": (
        "date", "contributor", "iso3", "mission", "individual_police", "formed_police_units",
        "experts_on_mission", "troops",
    ),
    "contributions/un_reports_state_mission_month_201501_202406.csv": (
        "month", "level", "iso3", "mission", "kind", "total",
    ),
    "contributions/radpko_state_mission_year_africa_1999_2019.csv": (
        "mission", "year", "iso", "n",
    ),
    "contributions/geopko_state_mission_year_1994_2023.csv": ("mission", "year", "state"),
    "contributions/gap_201409_201412_state_mission_means.csv": ("iso3", "mission", "rest"),
    "contributions/gap_2018_2019_state_mission_year_means.csv": (
        "year", "iso3", "mission", "total",
    ),
    "contributions/jpn_kor_dyad_attributed_1992_200910.csv": (
        "iso3", "date", "mission", "type", "n", "confidence",
    ),
    "missions/DPPADPOSS-PKO.csv": (
        "mission_acronym", "mission_name", "start_date", "end_date", "mission_longitude",
        "mission_latitude",
    ),
    "missions/mission_attributes_1990on.csv": ("mission_abbrev", "full_name", "start", "end"),
    "missions/TAMM.csv": ("mission", "month", "year", "prociv"),
    "missions/fatalities_by_mission_year.csv": (
        "mission", "year", "malicious_act", "accident", "illness", "self_inflicted",
        "other_or_unknown", "uniformed_malicious",
    ),
    "missions/unit_kinds.csv": ("mission", "year", "kind", "number", "number_unit", "personnel"),
    "covariates/country_crosswalk.csv": (
        "iso3", "name", "un_region", "un_subregion", "un_member_proxy", "cap_lat", "cap_lon",
    ),
    "covariates/wb_population_gdp.csv": ("iso3", "year", "population", "gdp_current_usd"),
    "covariates/real_gdp_fariss.csv": ("iso3", "year", "gdppc_2011intl", "pop_mn"),
    "covariates/cow_nmc_v7.csv": ("iso3", "year", "milper_k"),
    "covariates/un_ideal_points.csv": ("iso3", "year", "ideal_fp"),
    "covariates/atop_us_alliances.csv": ("iso3", "year", "us_defense_pact"),
    "covariates/atop_defense_dyads_spells.csv": ("iso3_a", "iso3_b", "first_year", "last_year"),
    "covariates/unsc_membership.csv": ("iso3", "year", "seat"),
    "covariates/ucdp_organized_violence_cy_v25_1.csv": ("iso3", "year", "sb_best"),
    "covariates/strategic_rivalries_tss.csv": ("iso3_a", "iso3_b", "start_year", "end_year"),
}  # fmt: skip
LATIN = {"missions/TAMM.csv"}

# The numbers among these columns, by name in whatever file, and the range of each.
INDICATORS = ("un_member_proxy", "us_defense_pact", "prociv")
COUNTS = (
    "troops", "police", "observers", "experts", "individual_police", "formed_police_units",
    "experts_on_mission", "total", "n", "rest", "malicious_act", "accident", "illness",
    "self_inflicted", "other_or_unknown", "uniformed_malicious", "number", "personnel",
    "population", "gdp_current_usd", "gdppc_2011intl", "pop_mn", "milper_k", "sb_best",
)  # fmt: skip
YEARS = ("year", "first_year", "last_year", "start_year", "end_year")
DEGREES = ("cap_lat", "cap_lon", "mission_hq_latitude", "mission_hq_longitude")  # some are swapped
NUMBERS: dict[str, tuple[float, float]] = (
    dict.fromkeys(COUNTS, (0.0, np.inf))
    | dict.fromkeys(YEARS, (1800.0, 2100.0))
    | dict.fromkeys(DEGREES, (-180.0, 180.0))
    | dict.fromkeys(INDICATORS, (0.0, 1.0))
    | {"ideal_fp": (-10.0, 10.0)}
)


@dataclass
class Raw:
    """The folder of raw files; each is read once."""

    folder: Path
    _read: dict[str, pd.DataFrame] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """One raw file, blanks as NaN (``NA`` is Namibia, not a blank).

        Raises:
            InputError: it is missing, cannot be read, has no rows or lacks a column, or a number is
                none or out of its range.
        """
        if name not in self._read:
            encoding = "latin-1" if name in LATIN else "utf-8"
            frame = read(self.folder / name, COLUMNS[name], encoding)
            for column in filter(NUMBERS.__contains__, COLUMNS[name]):
                number(frame, column, name, NUMBERS[column])
            self._read[name] = frame
        return self._read[name].copy()

    def check(self) -> None:
        """Look for every file before any work is done.

        Raises:
            InputError: the folder or one of its files is missing.
        """
        if not self.folder.is_dir():
            raise InputError(
                f"{self.folder}: no such folder; name the one that holds the raw files in "
                "contributions/, missions/ and covariates/"
            )
        missing = [name for name in COLUMNS if not (self.folder / name).is_file()]
        if missing:
            raise InputError(
                f"{self.folder}: the raw file {missing[0]} is missing"
                + (f" (and {len(missing) - 1} more)" if len(missing) > 1 else "")
                + "; docs/sources.md says where each comes from"
            )


def read(path: Path, columns: Iterable[str], encoding: str = "utf-8") -> pd.DataFrame:
    """A CSV file that must have the columns named.

    Raises:
        InputError: it is missing, cannot be read, has no rows or lacks a column.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; it is needed to compile the tables")
    try:
        frame = pd.read_csv(
            path, keep_default_na=False, na_values=[""], encoding=encoding, low_memory=False
        )
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({str(error).splitlines()[0]})") from error
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise InputError(
            f"{path}: the column {absent[0]!r} is missing; the file has "
            + ", ".join(map(str, frame.columns[:12]))
        )
    if frame.empty:
        raise InputError(f"{path}: the file has no rows")
    return frame


def coded(name: str, columns: Sequence[str]) -> pd.DataFrame:
    """A table coded by hand in ``record/``, as text with blanks as empty strings.

    Raises:
        InputError: it is missing, cannot be read or lacks a column.
    """
    frame = read(RECORD / f"{name}.csv", columns)
    return pd.read_csv(RECORD / f"{name}.csv", dtype=str, keep_default_na=False)[list(frame)]


def prior_table(name: str) -> pd.DataFrame:
    """Form, centre and spread of the prior of each parameter of a fit, by name; faults as for
    ``coded``."""
    frame = coded(name, ("name", "form", "centre", "spread", "unit", "status", "source"))
    return frame.astype({"centre": float, "spread": float}).set_index("name")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries by column name."""
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def number(
    frame: pd.DataFrame, column: str, where: str, span: tuple[float, float] = (-np.inf, np.inf)
) -> pd.Series:
    """A column as numbers, blanks as NaN.

    Raises:
        InputError: a cell is neither a number of the span nor blank.
    """
    text = frame[column].map(lambda cell: cell.strip() if isinstance(cell, str) else cell)
    cells = text.replace("", np.nan)
    values = pd.to_numeric(cells, errors="coerce").astype(float)
    wrong = (cells.notna() & ~(values.between(*span) & np.isfinite(values))).to_numpy()
    if wrong.any():
        line = int(wrong.argmax())
        low, high = (f"{end:g}" for end in span)
        told = (
            f"is out of range; it goes from {low} {'up' if high == 'inf' else f'to {high}'}"
            if np.isfinite(values.iloc[line])
            else "is not a number"
        )
        cell = str(cells.iloc[line]).removesuffix(".0")
        raise InputError(f"{where}, line {line + 2}, column {column}: {cell!r} {told}")
    return values
