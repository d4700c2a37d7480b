"""The answer of a comparison in one sentence, to be pasted: what, how sure, why, and what is known
to be wrong.

Every figure comes from the paired runs; what the model is known to get wrong comes from the cases
that were measured last (``known_cases``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from calibration.documented_decisions import known_cases
from model.vocabulary import STUDIED
from model.world import recorded_contributions
from scenarios.comparison.divergence_causes import CLASSES
from scenarios.running import confidence

from .labels import framework_name, state_name
from .number_text import ROUNDED, needed, percent, slight
from .wording import TERMS

if TYPE_CHECKING:
    from calibration.documented_decisions.known_cases import KnownCase
    from scenarios.comparison.comparison_result import Comparison

MISSIONS = 2  # named behind a change
ELSEWHERE = "for other states it is held only against totals reported to the UN"
NO_CASE = "no documented case of {state} that was checked speaks against it"


def answer(comparison: Comparison, other: str) -> str:
    """The largest change that the runs show, in a sentence: size, interval, cause, known misfit."""
    title = scenario_title(comparison, other)
    row = largest(comparison, other)
    if row is None:
        return f"Under “{title}”, no state would have other personnel in any month of any run."
    place = f"{state_name(row['state'])} in {framework_name(row['framework'])}"
    if not certain(row):
        return (
            f"Under “{title}”, {comparison.runs:,} runs show no change of personnel beyond chance; "
            f"the largest ({place}, {_about(row['mean'])}) {needs(row)}."
        )
    how = "rise" if row["mean"] > 0 else "fall"
    reason = _reason(comparison, other, row)
    return (
        f"Under “{title}”, {state_name(row['state'])} would have about {_about(row['mean'])} in "
        f"{framework_name(row['framework'])} {_when(comparison, row)} "
        f"(80% interval: {_interval(row)}); "
        f"{f'the {how} comes from {reason}; ' if reason else ''}{caveat(comparison, other, row)}."
    )


def scenario_title(comparison: Comparison, name: str) -> str:
    """The title of a scenario of the comparison, or its name where it has none."""
    known = {str(one["name"]): one for one in comparison.manifest["scenarios"]}
    return str(known[name].get("title") or name).rstrip(".")


def largest(comparison: Comparison, other: str) -> dict[Any, Any] | None:
    """The change to report: of those that are no chance the largest, else the largest; none where
    nothing differs."""
    table = comparison.summary()
    own = table[(table["scenario"] == other) & (table["framework"] != "all")]
    own = own[own["equal"] < 1]
    if own.empty:
        return None
    sure = own[certain(own) & ~slight(own)]
    among = own if sure.empty else sure
    found: dict[Any, Any] = among.iloc[int(among["mean"].abs().argmax())].to_dict()
    return found


def certain(rows: Any) -> Any:
    """Whether a mean difference lies further from zero than its 95% interval is wide."""
    return abs(rows["mean"]) > confidence.CERTAINTY * rows["error"]


def needs(row: Mapping[Any, Any]) -> str:
    """How many runs a claim takes."""
    if row["mean"] == 0:
        return "is zero, which no number of runs tells from a small effect"
    return f"needs {needed(row['runs_needed'])} runs"


def caveat(comparison: Comparison, other: str, row: Mapping[Any, Any]) -> str:
    """What the model is known to get wrong about the state and the missions of a change."""
    state = str(row["state"])
    missions = moving(comparison, other, row)["mission"].tolist()
    case = next(iter(cases(state, missions, str(row["framework"]))), None)
    if case is not None:
        return (
            f"the model is known to be wrong about “{case.name}” (true in {percent(case.share)} of "
            f"its runs, should be {aim(case.aim)})"
        )
    return ELSEWHERE if state not in STUDIED else NO_CASE.format(state=state_name(state))


def cases(state: str, missions: list[str], framework: str) -> list[KnownCase]:
    """The cases of a state that the model gets wrong: of these missions before others of the
    framework, these before the rest, the worst first among equals."""
    groups = recorded_contributions.group_of_missions()

    def far(case: KnownCase) -> int:
        if set(case.missions) & set(missions):
            return 0
        return 1 if framework in {groups.get(mission) for mission in case.missions} else 2

    return sorted((case for case in known_cases.wrong() if case.state == state), key=far)


def moving(comparison: Comparison, other: str, row: Mapping[Any, Any]) -> pd.DataFrame:
    """Missions of a state and framework that move it the way it moves, the largest first."""
    table = comparison.divergences
    own = table[
        (table["scenario"] == other)
        & (table["state"] == row["state"])
        & (table["framework"] == row["framework"])
        & (table["people"] * row["mean"] > 0)
        & (table["people"].abs() >= ROUNDED)
    ]
    return own.sort_values("people", key=abs, ascending=False, kind="stable")


def _reason(comparison: Comparison, other: str, row: Mapping[Any, Any]) -> str:
    """Missions behind a change with the share that they have in it, and the class of the cause."""
    own = moving(comparison, other, row)
    if own.empty:
        return ""
    top = own.head(MISSIONS)
    share = top["people"].sum() / own["people"].sum()
    part = "" if share > 0.995 else f" ({percent(share)} of it)"
    ways: dict[str, list[str]] = {}
    for one in top.to_dict("records"):
        ways.setdefault(CLASSES[str(one["class"])], []).append(_detail(one))
    told = [
        f"{way} ({'; '.join(dict.fromkeys(filter(None, details)))})" if any(details) else way
        for way, details in ways.items()
    ]
    return f"{' and '.join(top['mission'])}{part}, through {' and '.join(told)}"


def _detail(row: Mapping[Any, Any]) -> str:
    """The provision or the term behind a cause; blank for others."""
    detail = str(row["detail"])
    if row["class"] == "value":
        return TERMS.get(detail, "")
    return detail.replace("no permission / ", "") if row["class"] == "law" else ""


def _when(comparison: Comparison, row: Mapping[Any, Any]) -> str:
    """The months over which a change is averaged."""
    frame = comparison.manifest["frame"]
    first = str(row["year"]).removeprefix("from ")
    first, last = (frame["start"] if first == "all" else first)[:4], frame["end"][:4]
    return f"in {last}" if first == last else f"from {first} to {last}"


def _about(change: float) -> str:
    """A change of people to two digits: '120 fewer people'."""
    return f"{_round(change)} {'more' if change > 0 else 'fewer'} people"


def _interval(row: Mapping[Any, Any]) -> str:
    """The middle 80% of the runs, the smaller change first."""
    ends = sorted((float(row["low80"]), float(row["high80"])), key=abs)
    words = ["more" if end > 0 else "fewer" for end in ends]
    if ends[0] * ends[1] >= 0:
        return f"{_round(ends[0])} to {_round(ends[1])} {words[1]}"
    return f"{_round(ends[0])} {words[0]} to {_round(ends[1])} {words[1]}"


def _round(value: float) -> str:
    size = abs(value)
    if size < 0.05:
        return "0"
    if size < 10:
        return f"{size:.1f}".removesuffix(".0")
    return f"{float(f'{size:.2g}'):,.0f}"


def aim(text: str) -> str:
    """What a case should be, in words."""
    side, share = text.rsplit(" ", 1)
    return f"{side} {percent(float(share))}"
