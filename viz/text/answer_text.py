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
from scenarios.comparison.divergence_causes import CLASSES, HOST_TIES
from scenarios.running import confidence

from ..language.names import name_of
from ..language.spoken import say
from . import wording
from .labels import framework_name, mission_name, state_name
from .number_text import ROUNDED, joined, needed, percent, slight

if TYPE_CHECKING:
    from calibration.documented_decisions.known_cases import KnownCase
    from scenarios.comparison.comparison_result import Comparison

MISSIONS = 2  # named behind a change
NAMED = 0.1  # of what the first of them moves; others that move less are not named
ELSEWHERE = "for other states it is held only against totals reported to the UN"
CHANGED = (
    "Under “{title}”, {state} would have about {change} in {framework} {when} (80% interval: "
    "{interval}); {caveat}."
)
RISEN = (
    "Under “{title}”, {state} would have about {change} in {framework} {when} (80% interval: "
    "{interval}); the rise comes from {reason}; {caveat}."
)
FALLEN = (
    "Under “{title}”, {state} would have about {change} in {framework} {when} (80% interval: "
    "{interval}); the fall comes from {reason}; {caveat}."
)
NO_CASE = "no documented case of {state} that was checked speaks against it"


def answer(comparison: Comparison, other: str, about: str = "") -> str:
    """The largest change that the runs show, in a sentence: size, interval, cause, known misfit.

    ``about``: code of the state that the answer is about; blank: whichever changes most.
    """
    title = scenario_title(comparison, other)
    row = largest(comparison, other, about)
    if row is None and about:
        return say(
            "Under “{title}”, {state} would have the same personnel in every month of every run.",
            title=title,
            state=state_name(about),
        )
    if row is None:
        return say(
            "Under “{title}”, no state would have other personnel in any month of any run.",
            title=title,
        )
    state, framework = state_name(row["state"]), framework_name(row["framework"])
    if not certain(row):
        return say(
            "Under “{title}”, {runs:,} runs show no change of personnel beyond chance; the largest "
            "({state} in {framework}, {change}) {needs}.",
            title=title,
            runs=comparison.runs,
            state=state,
            framework=framework,
            change=_about(row["mean"]),
            needs=needs(row),
        )
    told = {
        "title": title,
        "state": state,
        "change": _about(row["mean"]),
        "framework": framework,
        "when": _when(comparison, row),
        "interval": _interval(row),
        "caveat": caveat(comparison, other, row),
    }
    reason = _reason(comparison, other, row)
    if not reason:
        return say(CHANGED, **told)
    return say(RISEN if row["mean"] > 0 else FALLEN, reason=reason, **told)


def scenario_title(comparison: Comparison, name: str) -> str:
    """The title of a scenario of the comparison, or its name where it has none."""
    known = {str(one["name"]): one for one in comparison.manifest["scenarios"]}
    return titled(name, str(known[name].get("title") or name))


def titled(name: str, title: str) -> str:
    """The title of a scenario by its name, without a full stop."""
    sort = "variant" if "/" in name else "scenario"
    return name_of(sort, name, title).rstrip(".")


def largest(comparison: Comparison, other: str, about: str = "") -> dict[Any, Any] | None:
    """The change to report: of those that are no chance the largest, else the largest; none where
    nothing differs.  ``about``: code of a state, blank for all."""
    table = comparison.summary()
    own = table[(table["scenario"] == other) & (table["framework"] != "all")]
    own = own[(own["equal"] < 1) & (own["state"].eq(about) | (not about))]
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
        return say("is zero, which no number of runs can distinguish from a small effect")
    return say("needs {runs} runs", runs=needed(row["runs_needed"]))


def caveat(comparison: Comparison, other: str, row: Mapping[Any, Any]) -> str:
    """What the model is known to get wrong about the state and the missions of a change."""
    state = str(row["state"])
    missions = moving(comparison, other, row)["mission"].tolist()
    case = next(iter(cases(state, missions, str(row["framework"]))), None)
    if case is not None:
        return say(
            "the model is known to be wrong about “{case}” (true in {share} of its runs, should be "
            "{aim})",
            case=say(case.name),
            share=percent(case.share),
            aim=aim(case.aim),
        )
    return say(ELSEWHERE) if state not in STUDIED else say(NO_CASE, state=state_name(state))


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
    """Missions of a state and framework that move it the way it moves, the largest first; those
    that move hardly anybody only where all are such."""
    table = comparison.divergences
    own = table[
        (table["scenario"] == other)
        & (table["state"] == row["state"])
        & (table["framework"] == row["framework"])
        & (table["people"] * row["mean"] > 0)
    ]
    clear = own["people"].abs() >= ROUNDED
    if clear.any():
        own = own[clear]
    return own.sort_values("people", key=abs, ascending=False, kind="stable")


def _reason(comparison: Comparison, other: str, row: Mapping[Any, Any]) -> str:
    """Missions behind a change with the share that they have in it, and the class of the cause."""
    own = moving(comparison, other, row)
    if own.empty:
        return ""
    top = own[own["people"].abs() >= NAMED * abs(own["people"].iloc[0])].head(MISSIONS)
    share = top["people"].sum() / own["people"].sum()
    part = "" if share > 0.995 else say(" ({share} of it)", share=percent(share))
    ways: dict[str, list[str]] = {}
    for one in top.to_dict("records"):
        ways.setdefault(say(CLASSES[str(one["class"])]), []).append(_detail(one))
    told = [
        say(
            "{way} ({details})",
            way=way,
            details=say("; ").join(dict.fromkeys(filter(None, details))),
        )
        if any(details)
        else way
        for way, details in ways.items()
    ]
    return say(
        "{missions}{part}, through {ways}",
        missions=joined(map(mission_name, top["mission"])),
        part=part,
        ways=joined(told),
    )


def _detail(row: Mapping[Any, Any]) -> str:
    """The provision or the term behind a cause; blank for others."""
    detail = str(row["detail"])
    if row["class"] == "value":
        return {**wording.TERMS, HOST_TIES: wording.WITH_HOST}.get(detail, detail)
    return detail.replace("no permission / ", "") if row["class"] == "law" else ""


def _when(comparison: Comparison, row: Mapping[Any, Any]) -> str:
    """The months over which a change is averaged."""
    frame = comparison.manifest["frame"]
    first = str(row["year"]).removeprefix("from ")
    first, last = (frame["start"] if first == "all" else first)[:4], frame["end"][:4]
    if first == last:
        return say("in {year}", year=last)
    return say("from {first} to {last}", first=first, last=last)


def _about(change: float) -> str:
    """A change of people to two digits: '120 fewer people'."""
    return say("{size} more people" if change > 0 else "{size} fewer people", size=_round(change))


def _interval(row: Mapping[Any, Any]) -> str:
    """The middle 80% of the runs, the smaller change first."""
    ends = sorted((float(row["low80"]), float(row["high80"])), key=abs)
    told = {"low": _round(ends[0]), "high": _round(ends[1])}
    if set(told.values()) == {"0"}:
        return say("0; in {share} of runs nothing changes", share=percent(row["equal"]))
    if ends[0] * ends[1] >= 0:
        return say("{low} to {high} more" if ends[1] > 0 else "{low} to {high} fewer", **told)
    if ends[0] > 0:
        return say("{low} more to {high} fewer", **told)
    return say("{low} fewer to {high} more", **told)


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
    return say(f"{side} {{share}}", share=percent(float(share)))
