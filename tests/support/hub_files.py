"""Made-up files of the UN's data hub and of its copies: many months of a few cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from tests.support.report_files import PEOPLE

HUB = (
    "contribution_id", "isocode3", "m49_code", "contributing_country", "mission_acronym",
    "personnel_type", "female_personnel", "male_personnel", "last_reporting_date",
)  # fmt: skip
KINDS = {
    "troops": "Troops",
    "staff_officers": "Staff Officer",
    "experts_on_mission": "Experts on Mission",
    "individual_police": "Individual Police",
    "formed_police_units": "Formed Police Units",
}
CODES = {
    "Côte d'Ivoire": "CIV", "Republic of Korea": "KOR", "Japan": "JPN", "Türkiye": "TUR",
    "United Republic of Tanzania": "TZA",
}  # fmt: skip
People = Mapping[tuple[str, str, str], tuple[int, int]]


def hub(
    dates: Sequence[str] = ("2024-07-31",),
    people: People = PEOPLE,
    header: Sequence[str] = HUB,
    mark: str = ",",
    codes: Mapping[str, str] = CODES,
) -> str:
    """The hub's CSV; ``dates`` as the file writes them, one a month."""
    out = io.StringIO()
    write = csv.writer(out, delimiter=mark, lineterminator="\n").writerow
    write(header)
    number = 0
    for date in dates:
        for (mission, name, kind), (men, women) in people.items():
            number += 1
            write([number, codes.get(name, ""), 0, name, mission, KINDS[kind], women, men, date])
    return out.getvalue()


def exchange(dates: Sequence[str] = ("31/07/2024",)) -> str:
    """The copy of the humanitarian data exchange: the same columns in Title_Case."""
    return hub(dates, header=["_".join(map(str.title, name.split("_"))) for name in HUB])
