"""A comparison in words: what changes for each state, where and why, and whether the runs suffice.

Every function takes the tables of a comparison and returns sentences, for the command line and the
web app.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from scenarios.comparison.yearly_outcomes import ONWARDS
from scenarios.running import confidence

from ..language.spoken import say
from .answer_text import answer
from .divergence_text import by_class, divergences, slighter
from .labels import framework_name, state_name
from .number_text import ROUNDED, left_out, needed, people, percent, rule, signed, slight, span

if TYPE_CHECKING:
    from scenarios.comparison.comparison_result import Comparison

MINOR = (
    0.1  # of the largest effect on the state; smaller ones are reported only if they are certain
)
ASSUMED = ("afterwards", "reform", "point")  # of the world, not of a question


def first_screen(comparison: Comparison) -> str:
    """What comes first, as plain text: what was compared, and the answer of each scenario in a
    sentence."""
    frame, runs = comparison.manifest["frame"], comparison.runs
    lines = [
        f"{' and '.join(comparison.others)} compared with {comparison.base}: {runs:,} paired runs "
        f"with common random numbers, seed {comparison.manifest['seed']}, {frame['start']} to "
        f"{frame['end']}"
    ]
    for other in comparison.others:
        lines += ["", answer(comparison, other), *unlike(comparison, other)]
    return "\n".join([*lines, ""])


def reasons(comparison: Comparison) -> str:
    """What follows the table, as plain text: each effect in words, then where and why runs
    diverge."""
    lines = []
    for other in comparison.others:
        lines += ["", other, *(f"  {line}" for line in headlines(comparison, other))]
        reported, more = divergences(comparison, other), slighter(comparison, other)
        if reported:
            lines.append("  Where and why runs diverge, largest effect first:")
        lines += [f"  {n}. {line}" for n, line in enumerate(reported, 1)]
        lines += [f"  {line}" for line in (more, by_class(comparison, other)) if line]
    return "\n".join(lines)


def unlike(comparison: Comparison, other: str) -> list[str]:
    """Assumptions in which the two differ, apart from what the scenario asks."""
    known = {str(one["name"]): one for one in comparison.manifest["scenarios"]}
    base, own = known[comparison.base], known[other]
    return [
        f"Note that {key} is {own.get(key)!r} here and {base.get(key)!r} in {comparison.base}: the "
        "difference includes both this and what the scenario asks."
        for key in ASSUMED
        if own.get(key) != base.get(key)
    ]


def effects(comparison: Comparison, other: str, state: str) -> pd.DataFrame:
    """The effects on a state worth reporting, framework by framework, the largest first."""
    table = comparison.summary()
    own = table[
        (table["scenario"] == other) & (table["state"] == state) & (table["framework"] != "all")
    ]
    size = own["mean"].abs()
    certain = size > confidence.CERTAINTY * own["error"]
    reported = own[~slight(own) & (certain | (size >= MINOR * size.max()))]
    return reported.reindex(reported["mean"].abs().sort_values(ascending=False).index)


def headlines(comparison: Comparison, other: str) -> list[str]:
    """A line for each state: effect, interval and direction of what changes most, then the rest."""
    table = comparison.summary()
    own = table[(table["scenario"] == other) & (table["framework"] != "all")]
    found = []
    for state in comparison.states:
        name = state_name(state)
        rows = own[(own["state"] == state) & (own["equal"] < 1)]
        shown = effects(comparison, other, state).to_dict("records")
        if rows.empty:
            found.append(say("{state}: no difference in any year of any run.", state=name))
            continue
        since = str(rows["year"].iloc[0])
        when = say("over the whole period") if since == "all" else _on(since)
        if not shown:
            found.append(
                say(
                    "{state}: no difference except, {when}, changes {rule}.",
                    state=name,
                    when=when,
                    rule=rule(),
                )
            )
            continue
        first = say(
            "{state}: {effect} in an average month {when}; {direction}.",
            state=name,
            effect=_effect(shown[0]),
            when=when,
            direction=_direction(shown[0]),
        )
        peak = _peak(comparison, other, state, str(shown[0]["framework"]))
        rest = say("; ").join(f"{_effect(row)}; {_direction(row)}" for row in shown[1:])
        also = say("Also {effects}.", effects=rest) if rest else ""
        found.append(" ".join(part for part in (first, peak, also) if part))
    return found


def headline(comparison: Comparison, other: str, state: str, framework: str | None = None) -> str:
    """The title of a figure: the largest effect on one state (in one framework), short."""
    table = comparison.summary()
    own = table[
        (table["scenario"] == other) & (table["state"] == state) & (table["framework"] != "all")
    ]
    if framework is not None:
        own = own[own["framework"] == framework]
    row = own.iloc[int(own["mean"].abs().argmax())]
    place = framework_name(row["framework"])
    if slight(row):
        return say(
            "{state}: on average no difference in {framework}",
            state=state_name(state),
            framework=place,
        )
    more = row["mean"] > 0
    return say(
        "{state}: {change} in {framework}{since}, more in {share} of the runs"
        if more
        else "{state}: {change} in {framework}{since}, fewer in {share} of the runs",
        state=state_name(state),
        change=people(row["mean"]),
        framework=place,
        since="" if row["year"] == "all" else f" {_on(str(row['year']))}",
        share=percent(row["up"] if more else row["down"]),
    )


def _on(since: str) -> str:
    """From a year on; what has other words already, as it is."""
    if since.startswith(ONWARDS):
        return say("from {year} on", year=since.removeprefix(ONWARDS))
    return say("{year} on", year=since)


def _effect(row: Mapping[Any, Any]) -> str:
    low, high = confidence.ends(row["mean"], row["error"])
    return say(
        "{change} in {framework} (95%: {span})",
        change=people(row["mean"]),
        framework=framework_name(row["framework"]),
        span=span(signed(low), signed(high)),
    )


def _direction(row: Mapping[Any, Any]) -> str:
    return say(
        "more in {up} of the runs, fewer in {down}; the middle 80% of the runs {span}",
        up=percent(row["up"]),
        down=percent(row["down"]),
        span=span(signed(row["low80"]), signed(row["high80"])),
    )


def _peak(comparison: Comparison, other: str, state: str, framework: str) -> str:
    """The year with the largest mean difference."""
    table = comparison.differences
    own = table[
        (table["scenario"] == other)
        & (table["state"] == state)
        & (table["framework"] == framework)
        & (table["variable"] == "personnel")
        & (table["kind"] == "all")
        & table["year"].str.isdigit()
    ]
    top = own.iloc[int(own["mean"].abs().argmax())]
    if abs(top["mean"]) < ROUNDED:
        return ""
    return say("Most in {year}: {change}.", year=top["year"], change=people(top["mean"]))


def sufficiency(comparison: Comparison) -> list[str]:
    """Whether the runs are enough for each effect reported, and how many would be."""
    reported = pd.concat(
        [effects(comparison, o, s) for o in comparison.others for s in comparison.states]
    )
    if reported.empty:
        return [
            say(
                "{runs:,} runs show no effect except changes {rule}.",
                runs=comparison.runs,
                rule=rule(),
            )
        ]
    short = reported[~reported["enough"].astype(bool)]
    least = reported.iloc[int(reported["runs_needed"].argmax())].to_dict()
    one, several = len(reported) == 1, len(comparison.others) > 1
    claims = say("the one effect") if one else say("all {number} effects", number=len(reported))
    if short.empty:
        return [
            say(
                "{runs:,} runs are enough for {claims} in the table; the least certain ({claim}) "
                "needs {needed}.",
                runs=comparison.runs,
                claims=claims,
                claim=_claim(least, several),
                needed=needed(least["runs_needed"]),
            )
        ]
    if not one:
        claims = say("{number} of the {whole} effects", number=len(short), whole=len(reported))
    told = say("; ").join(
        say("{claim} needs {needed}", claim=_claim(row, several), needed=needed(row["runs_needed"]))
        for row in short.to_dict("records")
    )
    return [
        say(
            "{runs:,} runs are not enough for {claims}: {told}. With this many runs, effects of at "
            "least {people:.1f} people can be detected there.",
            runs=comparison.runs,
            claims=claims,
            told=told,
            people=short["detectable"].min(),
        )
    ]


def _claim(row: Mapping[Any, Any], several: bool) -> str:
    """An effect by its place and size; ``several``: and by its scenario."""
    scenario = f"{row['scenario']}, " if several else ""
    return scenario + say(
        "{state} in {framework}, {change}",
        state=state_name(row["state"]),
        framework=framework_name(row["framework"]),
        change=people(row["mean"]),
    )


def table(comparison: Comparison) -> pd.DataFrame:
    """The table below the headlines: level in each scenario, difference, intervals, directions."""
    found = comparison.summary()
    return found[(found["framework"] != "all")].reset_index(drop=True)


def worth_telling(comparison: Comparison) -> tuple[pd.DataFrame, str]:
    """The rows of the table that are not slight, and how many are left out by which rule."""
    found = table(comparison)
    left = slight(found)
    return found[~left], left_out(int(left.sum()), "row")
