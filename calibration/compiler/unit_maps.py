"""Who had troops where before the reports tell it: yearly data sets of bases and maps of units.

They are seeds of the estimates in ``contributions_table`` and a check of them; totals of states and
missions stay those of the United Nations.
"""

from dataclasses import dataclass

import numpy as np

from model.errors import InputError

from ..raw_data.compiler_constants import constant
from ..raw_data.raw_files import Raw, coded, records
from ..raw_data.un_panel import aliases

BASES = "contributions/radpko_state_mission_year_africa_1999_2019.csv"
MAPS = "contributions/geopko_state_mission_year_1994_2023.csv"
NO_STATE = ""  # what a name stands for that is none: a region, or an unknown contributor


@dataclass(frozen=True)
class Units:
    """Troops by contributor.

    Attributes:
        bases: people by mission, year and state (RADPKO, African missions).
        maps: the same keys where a unit is on a map (Geo-PKO).
    """

    bases: dict[tuple[str, int], dict[str, float]]
    maps: dict[tuple[str, int], set[str]]

    def seed(self, base: np.ndarray, codes: list[str], names: list[str], year: int) -> np.ndarray:
        """The seed of a year's troops, float64[states, missions]: ``base``, with the column of a
        mission in RADPKO replaced by its people, and cells on a map raised."""
        out = base.copy()
        for column, mission in enumerate(names):
            there = self.bases.get((mission, year))
            if there is not None:
                people = np.array([there.get(code, 0.0) for code in codes])
                faint = constant("seed_absent") * people.sum() / len(codes)
                out[:, column] = people + np.where(base[:, column] > 0, faint, 0.0)
                continue
            on_map = self.maps.get((mission, year), set())
            out[[code in on_map for code in codes], column] *= constant("seed_on_map")
        return out


def units(raw: Raw) -> Units:
    """Both data sets.

    Raises:
        InputError: a contributor on a map has no code.
    """
    bases: dict[tuple[str, int], dict[str, float]] = {}
    for row in records(raw.table(BASES)):
        cell = bases.setdefault((row["mission"], int(row["year"])), {})
        cell[row["iso"]] = cell.get(row["iso"], 0.0) + float(row["n"])
    return Units(bases, _maps(raw))


def _maps(raw: Raw) -> dict[tuple[str, int], set[str]]:
    frame = raw.table(MAPS)
    crosswalk = raw.table("covariates/country_crosswalk.csv")
    codes = dict(zip(crosswalk["name"], crosswalk["iso3"], strict=True)) | aliases("state")
    own = coded("map_names", ("name", "iso3"))
    codes |= dict(zip(own["name"], own["iso3"], strict=True))
    frame["code"] = frame["state"].map(codes)
    if frame["code"].isna().any():
        name = frame.loc[frame["code"].isna(), "state"].iloc[0]
        raise InputError(f"{MAPS}: no code for {name!r}; add it to map_names.csv")
    frame = frame[frame["code"] != NO_STATE]
    out: dict[tuple[str, int], set[str]] = {}
    for row in records(frame):
        out.setdefault((row["mission"], int(row["year"])), set()).add(row["code"])
    return out
