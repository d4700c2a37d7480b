"""A comparison in words: what changes for each state, where and why, and whether the runs suffice.

Every function takes the tables of a comparison and returns sentences, for the command line and the
web app.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from scenarios.comparison.yearly_outcomes import ONWARDS
from scenarios.file_format.schema import Expectation
from scenarios.running import confidence

from ..language.languages import ENGLISH
from ..language.spoken import current, say
from . import wording
from .answer_text import answer
from .divergence_text import by_class, divergences, slighter
from .labels import framework_name, kind_name, mission_name, state_name
from .number_text import (
    ROUNDED,
    joined,
    left_out,
    needed,
    people,
    percent,
    rule,
    signed,
    slight,
    span,
)

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


def expectations(comparison: Comparison, other: str, failed: bool = False) -> list[str]:
    """What the file of a scenario expects, and whether it holds in these runs: a heading, then one
    line each; nothing where it expects nothing.  ``failed``: the lines alone of what does not hold.
    """
    place = 1 + comparison.others.index(other)
    scenario = comparison.manifest["scenarios"][place]
    if not scenario["expect"]:
        return []
    table = comparison.expectations
    rows = table[table["scenario"] == other].to_dict("records")
    asked = [Expectation.model_validate(scenario["expect"][int(row["number"])]) for row in rows]
    told = list(zip(rows, asked, strict=True))
    if failed:
        return [
            expectation(row, one)
            for row, one in told
            if not row["runs"] or row["verdict"] != "holds"
        ]
    if not rows:
        return [
            say(
                "{other} states its expectations against its baseline {base}, with the same active "
                "states; compare {other} alone to see whether they hold.",
                other=other,
                base=scenario["baseline"],
            )
        ]
    given = any(comparison.manifest["overrides"].values())
    head = "What {other} expects, without the settings of this command:"
    head = say(head if given else "What {other} expects:", other=other)
    return [head, *(expectation(row, one) for row, one in told)]


def expectation(row: Mapping[Any, Any], one: Expectation) -> str:
    """One expectation: whether it holds, what was expected, what the runs show, the finding."""
    asked = say("{what}: expected {expected}", what=what(one), expected=expected(one))
    if not row["runs"]:
        return say(
            "cannot be shown: {asked}; no run covers it within this comparison.", asked=asked
        )
    written = "{:.3g}".format if one.of == "level" else _figure
    mean, low, high = (written(row[name]) for name in ("mean", "low", "high"))
    text = say(
        "{asked}; found {mean} {unit} (95%: {span}).",
        asked=asked,
        mean=mean,
        unit=say(row["unit"]),
        span=span(low, high),
    )
    if row["verdict"] == "inconclusive":
        return say("inconclusive with {runs:,} runs: {text}", runs=row["runs"], text=text) + (
            _would_tell(row, one)
        )
    finding = f" {row['finding']}" if row["finding"] else ""
    if current() != ENGLISH and finding:  # the file has it in English alone
        finding = say(" The file explains it in English.")
    elif finding and row["verdict"] == "holds":
        finding = say(" The file found otherwise:") + finding
    if row["verdict"] == "holds":
        return say("holds: {text}", text=text) + finding
    return say("does not hold: {text}", text=text) + (
        finding or say(" The file has no finding to explain it.")
    )


def what(one: Expectation) -> str:
    """An outcome with all that narrows it down.

    Example:
        >>> what(Expectation(direction="up", state="KOR", group="coalition", start="2005-01"))
        'personnel, in coalitions, of Korea, 2005-01 to the end'
    """
    parts = [wording.EXPECTED_OUTCOMES[one.variable]]
    if one.kind != "all":
        several = wording.EXPECTED_KINDS
        parts.append(several[one.kind] if one.kind in several else kind_name(one.kind))
    if one.mission != "all":
        parts.append(say("in {place}", place=mission_name(one.mission)))
    elif one.group != "all":
        parts.append(say("in {place}", place=framework_name(one.group)))
    if one.state != "all":
        parts.append(say("of {state}", state=state_name(one.state)))
    start, end = one.start or say("the start"), one.end or say("the end")
    if one.start and one.start == one.end:
        parts.append(say("in {month}", month=one.start))
    elif one.start or one.end:
        parts.append(span(start, end))
    return say(", ").join(parts)


def expected(one: Expectation) -> str:
    """A direction with its bounds, or the bounds of a level."""
    bounds = []
    if one.low is not None:
        bounds.append(say("at least {value}", value=f"{one.low:g}"))
    if one.high is not None:
        bounds.append(say("at most {value}", value=f"{one.high:g}"))
    if one.of == "level":
        return say("level {bounds}", bounds=joined(bounds))
    return say(", ").join([wording.EXPECTED_WAYS[one.direction], *bounds])


def _would_tell(row: Mapping[Any, Any], one: Expectation) -> str:
    """How many runs would tell the effect found from zero, where only its direction is expected."""
    bounded = one.of == "level" or one.low is not None or one.high is not None
    if bounded or one.direction not in ("up", "down") or not row["mean"]:
        return ""
    error = (row["high"] - row["low"]) / (2 * confidence.CERTAINTY)
    enough = needed(confidence.runs_needed(row["mean"], error, row["runs"]))
    return say(" About {runs} would be enough.", runs=enough)


def _figure(value: float) -> str:
    """A difference in any unit to three digits, with its sign."""
    return f"{value:+.3g}".replace("-", "−") if value else "0"


def table(comparison: Comparison) -> pd.DataFrame:
    """The table below the headlines: level in each scenario, difference, intervals, directions."""
    found = comparison.summary()
    return found[(found["framework"] != "all")].reset_index(drop=True)


def worth_telling(comparison: Comparison) -> tuple[pd.DataFrame, str]:
    """The rows of the table that are not slight, and how many are left out by which rule."""
    found = table(comparison)
    left = slight(found)
    return found[~left], left_out(int(left.sum()), "row")
