"""Which run and which answer a view asks about, so that a documented answer can be explained even
where most runs answer otherwise."""

import re
from typing import Any

import numpy as np
import pandas as pd

from model.months import month_number
from model.vocabulary import OUTCOMES
from scenarios.explanation.decisions import Answers

MONTH = re.compile(r"\d{4}-\d{2}")


def chosen(found: Answers, answer: str) -> tuple[int, int | None]:
    """Run and number of the answer that a view names; the first of a run that fits.

    ``MONTH:KIND`` names the first run that answered for the kind in that month, or in the nearest,
    and ``MONTH:KIND:OUTCOME`` the first that answered so;
    ``REQUEST:OUTCOME`` (or ``KIND:OUTCOME`` for rounds) names the first run whose first answer to
    it was that and that is closest to history; ``RUN:NUMBER`` an answer of a run.
    """
    table = found.everything
    if len(table) == 0:
        return 0, None
    first, _, second = answer.partition(":")
    if MONTH.fullmatch(first):
        return in_month(found, first, second)
    if first.isdecimal() and second.isdecimal():
        run = int(first) if int(first) < found.runs else 0
        own = found.in_run(run).decisions
        if int(second) < len(own):
            return run, int(second)
        return run, telling(own)
    if first and second in OUTCOMES:
        given = table[table["reason"] != "renewal"]
        column = "request" if first in set(given["request"]) else "kind"
        given = given[given[column] == first]
        if column == "kind":
            given = given[given["request"] == ""]
        one = given.groupby("run", sort=True).head(1)
        one = one[one["outcome"] == second]
        if len(one):
            one = nearest_to_the_record(found, one)
            run = int(one["run"].iloc[0])
            own = found.in_run(run).decisions
            month = one["month"].iloc[0]
            fits = own[(own["month"] == month) & (own[column] == first)]
            return run, int(fits.index[0])
    own = found.in_run(0).decisions
    return 0, telling(own)


def nearest_to_the_record(found: Answers, one: pd.DataFrame) -> pd.DataFrame:
    """Answers to one request, a run each: first those of runs that answered earlier requests as
    documented, among them those that offered the number of people that is documented."""
    request = found.requests.get(str(one["request"].iloc[0]))
    if request is None:
        return one
    earlier = {
        key: row["documented_answer"] == "accepted"
        for key, row in found.requests.items()
        if row["mission"] == request["mission"] and row["month"] < request["month"]
    }
    table = found.everything[found.everything["request"].isin(earlier)]
    best = table.assign(went=table["outcome"] == "accepted").groupby(["run", "request"])["went"]
    went = best.any().unstack(fill_value=False).reindex(one["run"], fill_value=False)
    unlike = sum((went[key] != said for key, said in earlier.items() if key in went), start=0)
    parts = [
        int(row["personnel"])
        for row in found.requests.values()
        if row["part_of"] == request["id"] and row["documented_answer"] == "accepted"
    ]
    wanted = sum(parts) or int(request["personnel"] or 0)
    ranked = one.assign(unlike=np.asarray(unlike), off=(one["offered"] - wanted).abs())
    return ranked.sort_values(["unlike", "off", "run"])


def telling(own: Any) -> int | None:
    """The answer worth showing first: to a request rather than a renewal."""
    if not len(own):
        return None
    asked_for = own[own["reason"] != "renewal"]
    return int(asked_for.index[0]) if len(asked_for) else 0


def in_month(found: Answers, month: str, kind: str) -> tuple[int, int | None]:
    """Run and number of an answer for a kind in a month, or in the month nearest to it; a kind or
    an outcome that is never there asks for nothing."""
    kind, _, outcome = kind.partition(":")
    own = found.everything
    for column, wish in (("kind", kind), ("outcome", outcome)):
        if (own[column] == wish).any():
            own = own[own[column] == wish]
    wanted = month_number(month)
    away = own["month"].map(month_number).sub(wanted).abs()
    first = own[away == away.min()].iloc[0]
    run = int(first["run"])
    told = found.in_run(run).decisions
    same = ["month", "kind", "outcome"]
    fits = told[(told[same] == first[same]).all(axis=1)]
    return run, int(fits.index[0])
