"""What became of each request over the runs, as the table that ``explain`` ends with.

``share_of`` says what a share is of, here and in the web app.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from model.months import month_text
from model.vocabulary import GRADES, KINDS, OUTCOMES
from scenarios.definition.lookup import NOBODY_ASKED

from ..language.spoken import say
from . import menu_text
from .labels import (
    GRADE_WORDS,
    answered,
    documented,
    is_added,
    kind_name,
    people_of,
    state_name,
)
from .text_lines import WIDTH, Line, dates, wrapped

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.explanation.decisions import Answers

SELDOM = 0.05  # open calls that reach the state in fewer runs are only counted
NAME = 12  # columns of the name of a request
BEST = "best: its most positive answer to the request by the end, if different"
LEGEND = (
    "smaller: a smaller unit; officers: a few officers in place of the unit; instead: money, "
    "equipment, instructors or an operation of its own"
)


def share_of(answers: Answers) -> str:
    """What the shares of first answers are of, in one sentence."""
    return say(
        "First answer to each request, as a share of those of the {runs:,} runs in which it was "
        "asked. Runs start in {month}; earlier months replay historical data.",
        runs=answers.runs,
        month=answers.scenario.period.start,
    )


def undocumented(answers: Answers, request: str) -> bool:
    """Whether the model makes a direct request that no document has."""
    known = answers.requests.get(request)
    return known is not None and known["documented_answer"] == NOBODY_ASKED


def lines(answers: Answers, table: pd.DataFrame) -> Iterator[Line]:
    """The table with its heading; undocumented requests come at the end."""

    yield (f"Outcomes over {answers.runs} runs, in %", "bold")
    said = f"{share_of(answers)} {BEST}."
    yield from ((line, "") for line in textwrap.wrap(said, WIDTH))
    names = [{"cheaper": "officers", "substitute": "instead"}.get(n, n) for n in OUTCOMES]
    head = f"{'asked':<8}{'request':<{NAME}}{'kind':<19}{'runs':>6} "
    yield (head + "".join(f"{name:>9}" for name in names), "")
    first = table[table["answer"] == "first"]
    seldom = (first["reached"] < SELDOM) & (first["request"] == "")
    shown = first[~seldom]
    shown = shown.assign(month=[_asked(answers, row) for row in shown.to_dict("records")])
    shown = shown.sort_values("month", kind="stable")
    apart = shown["request"].map(lambda key: undocumented(answers, key)).astype(bool)
    most = {_key(row): row for row in table[table["answer"] == "best"].to_dict("records")}
    for row in shown[~apart].to_dict("records"):
        yield from _row(answers, row, most)
    if seldom.any():
        number = int(seldom.sum())
        more = "one more kind" if number == 1 else f"{number} more kinds"
        yield (f"Open calls for {more} reached it in under 5% of the runs.", "")
    if apart.any():
        yield ("Simulated requests that are not documented:", "")
        for row in shown[apart].to_dict("records"):
            yield from _row(answers, row, most)
    yield from ((line, "dim") for line in textwrap.wrap(LEGEND, WIDTH))


def never_asked(answers: Answers) -> Iterator[Line]:
    """That no request reached the state in run 0: in how many runs one did, and what was open."""
    name = state_name(answers.state)
    if not answers.mission:
        yield (f"{name} was not asked for anything in run 0.", "")
        return
    reached = answers.outcomes["reached"].max() if len(answers.outcomes) else 0.0
    yield (
        f"{name} was not asked about {answers.mission} in run 0"
        + (
            f"; it was in {100 * reached:.0f}% of the {answers.runs} runs."
            if reached
            else f", nor in any other of the {answers.runs} runs."
        ),
        "",
    )
    for request in answers.requests.values():
        if request["mission"] == answers.mission:
            yield from wrapped(request["id"], documented(request))
    rounds = answers.rounds()
    if not rounds:
        yield (
            "No open call went out for it; outside the UN only states named in the sources are "
            "asked.",
            "",
        )
    by_kind: dict[str, list[str]] = {}
    for month, kind, _ in rounds:
        by_kind.setdefault(kind, []).append(month)
    if by_kind:
        yield ("Open calls went out but did not reach it:", "")
    for kind, months in by_kind.items():
        yield from wrapped(kind_name(kind), dates(months))


def _asked(answers: Answers, row: Mapping[Any, Any]) -> str:
    """Month of a request, of the record or of the scenario; of open calls that of the earliest
    answer over the runs."""
    name, atlas = row["request"], answers.atlas
    if name in answers.requests:
        return answers.requests[name]["month"]
    if name in atlas.asks:
        return month_text(int(atlas.arrays.asks["month"][atlas.asks.index(name)]))
    return str(row["month"])


def _row(answers: Answers, row: Mapping[Any, Any], most: Mapping[Any, Any]) -> Iterator[Line]:

    def shares(of: Mapping[Any, Any]) -> str:
        return "".join(f"{_share(of[outcome]):>9}" for outcome in OUTCOMES)

    name, reached = row["request"] or "open call", f"{100 * row['reached']:.0f}%"
    if len(name) >= NAME:  # of a scenario: what it asks stands beside it and below
        name = name.partition("-")[0][: NAME - 1]
    kind = kind_name(row["kind"]).partition(" (")[0]
    line = f"{row['month']:<8}{name:<{NAME}}{kind:<19}{reached:>6} "
    yield (line + shares(row), "")
    best = most[_key(row)]
    if shares(best) != shares(row):
        yield (f"{'best':>{len(line) - 1}} {shares(best)}", "")
    request = answers.requests.get(row["request"])
    if request is not None:
        mission = "" if answers.mission else f"{row['mission']}; "
        said = answered(request)
        yield (f"{'':8}{mission}" + (said if said.startswith("no ") else f"documented: {said}"),
               "dim")  # fmt: skip
    if is_added(row["request"]):
        yield (f"{'':8}{_added(answers, row['request'])}", "dim")


def _added(answers: Answers, name: str) -> str:
    """What a request of the scenario asks: for how many, where, how binding; by its number where
    it is not the first of its state, mission and month."""
    atlas = answers.atlas
    ask = atlas.arrays.asks[atlas.asks.index(name)]
    what = people_of(int(ask["people"]), KINDS[ask["kind"]])
    site = atlas.sites[ask["site"]][1] if ask["site"] >= 0 else ""
    first = name.removesuffix(f"-{name.rpartition('-')[2]}")
    number = f"number {name.rpartition('-')[2]}" if first in atlas.asks else ""
    mission = "" if answers.mission else atlas.missions[ask["mission"]]
    parts = mission, menu_text.to(what, site), GRADE_WORDS[GRADES[ask["grade"]]], number
    return "asked: " + ", ".join(filter(None, parts))


def _key(row: Mapping[Any, Any]) -> tuple[str, str, str]:
    return row["mission"], row["request"], row["kind"]


def _share(share: float) -> str:
    return f"{100 * share:.0f}" if share else "."
