"""Reform packages: from ``data/reforms.csv`` and the scenario's provisions to records of a world.

A package that a scenario leaves as documented, and that was not in force when the run begins, is
an outcome where reform is endogenous, and never comes where there is none.  One that a scenario
moves, repeals or amends is given, on the scenario's dates.
"""

import numpy as np
import pandas as pd

from ..core import records
from ..core.rng import identity
from ..errors import InputError, unknown
from ..months import NEVER, month_number
from ..rules import reform
from ..tables import numbers, table
from ..vocabulary import FRAMEWORKS, KINDS, STANCE_CLASSES
from . import legal_regimes
from .legal_regimes import month_or

OPENING = ("allow", "unfreeze", "authorise", "exempt", "prenegotiate")


def names() -> tuple[str, ...]:
    """The packages, in the order of the rows."""
    return tuple(table("reforms")["reform"])


def documented() -> pd.DataFrame:
    """State, month passed and month in force of every package, as documented."""
    return table("reforms")[["reform", "state", "passed", "in_force"]].copy()


def is_given(name: str, instruments: pd.DataFrame, first: int) -> bool:
    """Whether a package has its month from history or the scenario, not from a run."""
    original = legal_regimes.instruments()
    mine = instruments[instruments["reform"] == name].to_dict("records")
    theirs = original[original["reform"] == name].to_dict("records")
    return mine != theirs or _month_of(name) <= first


def without(instruments: pd.DataFrame, first: int) -> pd.DataFrame:
    """The table of provisions if no package came that is not given."""
    never = [name for name in names() if not is_given(name, instruments, first)]
    frame = instruments.copy()
    frame.loc[frame["reform"].isin(never), ["in_force", "lapses"]] = ""
    return frame


def _month_of(name: str) -> int:
    frame = table("reforms").set_index("reform")
    return month_number(str(frame.loc[name, "in_force"]), "reforms.csv")


def _first_month(rows: pd.DataFrame) -> int:
    return min((month_or(c, NEVER, "instruments.csv") for c in rows["in_force"]), default=NEVER)


def packages(instruments: pd.DataFrame, codes: list[str], first: int) -> np.ndarray:
    """Packages as ``PACKAGE`` records.

    Raises:
        InputError: a state, route, stance or earlier package is unknown.
    """
    frame = table("reforms")
    known = list(names())
    levels = numbers(frame, "reforms", "salience")
    out = records.records(len(frame), records.PACKAGE)
    regimes = legal_regimes.regimes()
    for cell, row, level in zip(out, frame.to_dict("records"), levels, strict=True):
        where = f"reforms.csv, {row['reform']}"
        for value, valid, what in (
            (row["state"], regimes, "state"),
            (row["route"], reform.ROUTES, "route"),
            (row["stance"], STANCE_CLASSES, "stance"),
            (row["requires"], ("", *known), "package"),
        ):
            if value not in valid:
                raise unknown(what, value, valid, where)
        cell.salience = level
        cell.identity = identity(row["reform"])
        cell.state = codes.index(row["state"])
        cell.regime = regimes.index(row["state"]) + 1
        cell.route = reform.ROUTES.index(row["route"])
        cell.stance = STANCE_CLASSES.index(row["stance"])
        cell.requires = known.index(row["requires"]) if row["requires"] else -1
        passed = month_number(row["passed"], where)
        cell.delay = month_number(row["in_force"], where) - passed
        if cell.delay < 0:
            raise InputError(f"{where}: in force before it is passed")
        cell.tail = max(0, month_number(row["debate_to"], where) - passed)
        mine = instruments[instruments["reform"] == row["reform"]]
        cell.lasts = _lasts(mine, _month_of(row["reform"]))
        cell.is_given = int(is_given(row["reform"], instruments, first))
        original = legal_regimes.instruments()
        then = _first_month(original[original["reform"] == row["reform"]])
        now = _first_month(mine)
        shift = now - then
        cell.given = NEVER if now == NEVER else month_number(row["in_force"], where) + shift
        cell.debate_from = NEVER if now == NEVER else month_number(row["debate_from"]) + shift
        cell.debate_to = NEVER if now == NEVER else month_number(row["debate_to"]) + shift
    return out


def _lasts(rows: pd.DataFrame, entry: int) -> int:
    """Months for which a package allows anything; ``NEVER`` where it has no end."""
    opening = rows[rows["effect"].isin(OPENING)]
    ends = [month_or(cell, NEVER, "instruments.csv") for cell in opening["lapses"]]
    return NEVER if not ends or max(ends) >= NEVER else max(ends) - entry


def covers(instruments: pd.DataFrame) -> np.ndarray:
    """Bits of the frameworks in which each package opens each kind, int32[packages, K]."""
    out = np.zeros((len(names()), len(KINDS)), dtype=np.int32)
    for number, name in enumerate(names()):
        rows = instruments[(instruments["reform"] == name) & instruments["effect"].isin(OPENING)]
        for row in rows.to_dict("records"):
            kinds = legal_regimes.bits(row["kinds"], KINDS, row["id"])
            frameworks = legal_regimes.bits(row["frameworks"], FRAMEWORKS, row["id"])
            for kind in range(len(KINDS)):
                if (kinds >> kind) & 1:
                    out[number, kind] |= frameworks
    return out


def links(instruments: pd.DataFrame, ids: list[str], packaged: np.ndarray) -> np.ndarray:
    """How the months of each provision follow from its package and its amendments, ``LINK``."""
    known = list(names())
    rows = {row["id"]: row for row in instruments.to_dict("records")}
    out = records.records(len(ids), records.LINK)
    for cell, name in zip(out, ids, strict=True):
        row = rows[name]
        where = f"instruments.csv, {name}"
        cell.since = month_or(row["in_force"], NEVER, where)
        cell.until = month_or(row["lapses"], NEVER, where)
        cell.amended = ids.index(row["amends"]) if row["amends"] in ids else -1
        cell.package = -1
        cell.lasts = NEVER
        number = known.index(row["reform"]) if row["reform"] in known else -1
        if number >= 0 and not packaged[number].is_given:
            cell.package = number
            cell.offset = cell.since - _month_of(row["reform"])
            cell.lasts = NEVER if cell.until >= NEVER else cell.until - cell.since
    return out


def nothing() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Packages, covers and links of a world whose law is given."""
    return (
        records.records(0, records.PACKAGE),
        np.zeros((0, len(KINDS)), dtype=np.int32),
        records.records(0, records.LINK),
    )
