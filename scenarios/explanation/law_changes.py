"""What changed in a state's law between two months: which provisions came and went, and what that
opened, shut or put in other hands."""

from __future__ import annotations

import pandas as pd

from model.errors import InputError
from model.months import month_number, month_text
from model.vocabulary import KINDS

from .law_at_date import law_at, law_of

ANSWER = ["gate", "decided by", "provision", "if"]
ENTERED, LAPSED = "entered", "lapsed"
SHUT = ("shut", "needs statute")


def provisions_between(state: str, since: str, month: str) -> pd.DataFrame:
    """Provisions that entered into force or lapsed after ``since``, up to ``month``.

    Args:
        state: ISO code of a state with documented law; since, month: ``YYYY-MM``, in this order.

    Returns:
        A row for each, by date: ``month``, ``change`` (entered, lapsed), ``provision`` (its id)
        and ``opens``: the kinds and frameworks that are open in ``month``, were not in ``since``,
        and are decided by it; ``takes_over``: those that were open before by another provision.

    Raises:
        InputError: as ``law_at``; the months are in the wrong order or the same.

    Example:
        >>> provisions_between("JPN", "1992-07", "1992-08")["provision"].tolist()[:1]
        ['JPN-PKO92-A1']
    """
    first, last = month_number(since, "since"), month_number(month, "month")
    table = matters(state, since, month)
    if first >= last:
        raise InputError(f"{since} is not before {month}; write the earlier month as --since")
    laws, (begin, end), names = law_of(state)
    opened = table[~table["gate"].isin(SHUT)]
    new = opened["gate_before"].isin(SHUT)
    rows = []
    for number in range(begin, end):
        for change, when in ((ENTERED, laws[number]["since"]), (LAPSED, laws[number]["until"])):
            if not first < when <= last or laws[number]["since"] >= laws[number]["until"]:
                continue
            own = opened["provision"] == names[number]
            entered = change == ENTERED
            rows.append(
                {
                    "month": month_text(int(when)),
                    "change": change,
                    "provision": names[number],
                    "opens": _matters(opened[own & new]) if entered else "",
                    "takes_over": _matters(opened[own & ~new]) if entered else "",
                }
            )
    columns = ["month", "change", "provision", "opens", "takes_over"]
    found = pd.DataFrame(rows, columns=columns)
    return found.sort_values(["month", "change", "provision"], ignore_index=True)


def matters(state: str, since: str, month: str) -> pd.DataFrame:
    """What the law answers otherwise in ``month`` than in ``since``.

    Returns:
        A row for each framework and the kinds that changed alike: the columns of ``law_at`` in
        ``month``, and with ``_before`` in ``since``.

    Raises:
        InputError: as ``law_at``.
    """
    parts = [_by_kind(law_at(state, one)) for one in (month, since)]
    both = parts[0].join(parts[1].add_suffix("_before"))
    before = both[[f"{name}_before" for name in ANSWER]]
    differs = (both[ANSWER].to_numpy() != before.to_numpy()).any(axis=1)
    changed = both[differs].reset_index()
    keys = [name for name in changed.columns if name != "kind"]
    grouped = changed.groupby(keys, sort=False)["kind"].agg(", ".join).reset_index()
    return grouped.rename(columns={"kind": "kinds"})


def _by_kind(table: pd.DataFrame) -> pd.DataFrame:
    """The law with a row for each framework and kind."""
    order = {kind: number for number, kind in enumerate(KINDS)}
    split = table.assign(kind=table["kinds"].str.split(", ")).explode("kind").drop(columns="kinds")
    split = split.sort_values("kind", key=lambda kinds: kinds.map(order), kind="stable")
    return split.set_index(["framework", "kind"])[ANSWER]


def _matters(rows: pd.DataFrame) -> str:
    """Frameworks with their kinds, those with the same kinds together."""
    alike: dict[str, list[str]] = {}
    for row in rows.to_dict("records"):
        alike.setdefault(row["kinds"], []).append(row["framework"])
    return "; ".join(f"{', '.join(names)}: {kinds}" for kinds, names in alike.items())
