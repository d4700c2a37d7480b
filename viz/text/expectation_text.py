"""What a scenario file expects, in words, and whether paired runs show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scenarios.file_format.schema import Expectation
from scenarios.running import confidence

from ..language.languages import ENGLISH
from ..language.spoken import Words, current, say
from .labels import framework_name, kind_name, mission_name, state_name
from .number_text import joined, needed, span

if TYPE_CHECKING:
    from scenarios.comparison.comparison_result import Comparison

OUTCOMES = Words(  # of ``outcome_catalogue.MEASURES``
    {
        "personnel": "personnel",
        "unit_presence": "months with a unit",
        "ever": "runs with anybody there",
        "entries": "arrivals",
        "exits": "departures",
        "assignments": "missions joined",
        "people_sent": "people who served",
        "lead_time": "time from decision to arrival",
        "answers": "requests not refused",
        "refusals": "requests refused",
        "substitutes": "requests answered with something else than people",
        "opinion_un": "public support for UN missions",
        "opinion_coalition": "public support for coalitions",
        "casualty_memory": "memory of own deaths",
        "attention": "attention to incidents",
        "experience": "experience kept",
        "trained_staff": "trained for missions",
        "slots_used": "capacity in use",
        "training_support": "training given to others",
        "agreements": "agreements in force",
        "alliance_pressure": "how much the ally wants",
        "home_threat": "threat at home",
        "suspended": "people whose work the law suspends",
    }
)
DIRECTIONS = Words(
    {
        "up": "up",
        "down": "down",
        "zero": "no change",
        "up_or_zero": "up or no change",
        "down_or_zero": "down or no change",
        "unsigned": "no sign",
    }
)
SEVERAL_KINDS = Words({"units": "units", "individuals": "individuals"})


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
    parts = [OUTCOMES[one.variable]]
    if one.kind != "all":
        several = SEVERAL_KINDS.english
        parts.append(say(several[one.kind]) if one.kind in several else kind_name(one.kind))
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
    return say(", ").join([DIRECTIONS[one.direction], *bounds])


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
