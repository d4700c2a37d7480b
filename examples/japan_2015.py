"""Why the paradox (docs/paradox.md): Japan was permitted more in 2015, its units left in 2017.

Six things differ between the years in which Japan sent units (from its first, September 1992, to
its last entry, January 2012) and the years after.  Each is a switch: on as documented, off as in
those earlier years.  Every combination is run with common random numbers from the documented
situation of February 2012, and the change from all off to all on is attributed exactly
(``shapley``).  Entries and exits are looked at apart.  ``python -m examples.japan_2015`` prints the
effects; with ``--page`` it writes the page.
"""

import sys
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.core.records import World
from model.engine.run_arrays import NO_TRACE
from model.engine.run_output import Chunk
from model.months import month_number, month_text
from model.settings import Settings
from model.steps.renewal import HANDED_OVER, RESIZED
from model.tables import table
from model.vocabulary import GROUP_UN, KINDS
from model.world import build
from model.world.build import Atlas
from scenarios.definition.loader import parse
from scenarios.running import confidence, model_adapter

STATE = "JPN"
FIRST, LAST = "2012-02", "2019-12"  # from the month after the last entry
EARLIER = ("1992-09", "2012-01")  # the years in which Japan sent units
AFTER = "2017-12"  # the last unit had left in May
PACKAGE = "PEACE2015"
ASIAN = "UNTAC"  # the Asian mission of the same years two decades before
DECADES = 240  # months between it and its twin
SECOND = ("UNFICYP", "transport", 43)  # a second unit: calm, lasting, of the size of the Golan's

SWITCHES = {
    "law": "the law of 2015 itself",
    "robustness": "more robust mandates",
    "threat": "the threat at home",
    "asia": "fewer missions in Asia",
    "debate": "the debate about the reform",
    "exposure": "one unit left: a single exit ends presence",
}
OFF = {
    "law": "the package of 2015 never comes",
    "robustness": "force level and protection of UN mandates at most the earlier mean",
    "threat": "threat at home at most the earlier mean",
    "asia": f"a mission like {ASIAN} and the requests of its time, twenty years later",
    "debate": "no debate about the reform",
    "exposure": f"a second unit ({SECOND[1]}, {SECOND[2]} people, {SECOND[0]}) from the start",
}
OUTCOMES = {
    "entries": ("units that enter UN missions", "units a run"),
    "exits": ("exits of the three units there at the start", "units a run"),
    "presence": ("runs with a unit in December 2017", "share of runs"),
    "unit_months": ("months of units in the field, without the second unit", "unit-months a run"),
}


def shapley(values: np.ndarray) -> np.ndarray:
    """Each switch's marginal effect, averaged over every order of throwing them (Shapley 1953).

    ``values``: float64[2**k, ...], the outcome of each combination; bit ``i`` of its number says
    whether switch ``i`` is on.  Returns float64[k, ...].
    """
    count = len(values).bit_length() - 1
    if len(values) != 1 << count:
        raise ValueError(f"{len(values)} combinations are not all of any number of switches")
    out = np.zeros((count, *values.shape[1:]))
    for switch in range(count):
        for others in (number for number in range(len(values)) if not number >> switch & 1):
            size = others.bit_count()
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            out[switch] += weight * (values[others | 1 << switch] - values[others])
    return out


def study(runs: int = 300, seed: int = 1) -> np.ndarray:
    """float64[combinations, runs, outcomes]: all combinations with common random numbers."""
    worlds = Worlds()
    values = np.zeros((1 << len(SWITCHES), runs, len(OUTCOMES)))
    for number in range(len(values)):
        atlas = worlds.of({name for place, name in enumerate(SWITCHES) if number >> place & 1})
        chunks = model_adapter.chunks(atlas, range(runs), seed, trace=NO_TRACE)
        values[number] = np.concatenate([measured(chunk) for chunk in chunks])
    return values


def effects(values: np.ndarray) -> pd.DataFrame:
    """Outcome, switch, mean Shapley value and its 95% interval over runs; then the total."""
    each = np.concatenate([shapley(values), values[-1:] - values[:1]])  # [switch, run, outcome]
    names = pd.MultiIndex.from_product([OUTCOMES, [*SWITCHES, "all"]], names=["outcome", "switch"])
    mean = each.mean(axis=1).T.ravel()
    error = each.std(axis=1, ddof=1).T.ravel() / np.sqrt(each.shape[1])
    low, high = confidence.ends(mean, error)
    return pd.DataFrame({"mean": mean, "low": low, "high": high}, index=names)


def measured(chunk: Chunk) -> np.ndarray:
    """The outcomes of each run of a chunk, float64[runs, outcomes]."""
    start, last, after = (month_number(m) for m in (FIRST, LAST, AFTER))
    world = chunk.atlas.arrays
    out = np.zeros((len(chunk.ledgers), len(OUTCOMES)))
    second = chunk.atlas.mission_row(SECOND[0]), KINDS.index(SECOND[1])
    for number, ledger in enumerate(chunk.ledgers):
        units = ledger.deployments
        own = units["state"] == chunk.atlas.state_row(STATE)
        own &= world.groups[units["framework"]] == GROUP_UN
        own &= world.kinds["formed"][units["kind"]] == 1
        own &= units["people"] > 0
        over = ledger.endings["cause"][own]
        units = units[own]
        ends = np.where(units["leaves"] > 0, units["leaves"] - 1, last)
        here = ends >= units["arrives"]
        units, ends, over = units[here], ends[here], over[here]
        left = (ends < last) & ~np.isin(over, (RESIZED, HANDED_OVER))
        old = units["since"] < start  # there from the start, whatever its size is now
        new = ~old & (units["since"] >= units["arrives"]) & (units["arrives"] <= last)
        added = (units["mission"] == second[0]) & (units["kind"] == second[1]) & old
        in_field = (units["arrives"] <= after) & (ends >= after)
        length = np.minimum(ends, last) - np.maximum(units["arrives"], start) + 1
        out[number] = (
            new.sum(),
            (old & ~added & left).sum(),
            in_field.any(),
            np.maximum(length, 0)[~added].sum(),
        )
    return out


class Worlds:
    """The worlds of all combinations; what must be rebuilt is built once."""

    def __init__(self) -> None:
        self.plain = model_adapter.world_of(_scenario(True, True))
        self.built = {(True, True): self.plain}

    def of(self, on: set[str]) -> Atlas:
        """The world with these switches on and the others off."""
        key = ("law" in on, "asia" in on)
        if key not in self.built:
            self.built[key] = model_adapter.world_of(_scenario(*key))
        atlas = self.built[key]
        arrays = atlas.arrays
        japan = int(arrays.states[atlas.state_row(STATE)].regime)
        # The debate is a switch of its own, whether the law comes or not.
        salience = self.plain.arrays.salience.copy()
        if "debate" not in on:
            salience[month_number(FIRST) :, japan] = 0.0
        arrays = arrays._replace(salience=salience)
        if "robustness" not in on:
            arrays = _calmer_mandates(arrays)
        if "threat" not in on:
            arrays = _lower_threat(arrays, atlas.state_row(STATE))
        if "exposure" not in on:
            arrays = _second_unit(arrays, atlas)
        return Atlas(**{**vars(atlas), "arrays": arrays})


def _scenario(law: bool, asia: bool) -> Any:
    text = f"""title = "Paradox"
question = "Why did permission widen and units end?"
references = ["calibration/record/model_review.md point 15"]
deliberating = ["{STATE}", "KOR"]
afterwards = "recorded"
[period]
start = "{FIRST}"
end = "{LAST}"
"""
    if not law:
        text += f'[[events]]\ntype = "repeal"\nmonth = "1990-11"\nreform = "{PACKAGE}"\n'
    if not asia:
        text += _asian_mission()
    return parse(text, "paradox.toml")


def _asian_mission() -> str:
    """Events: the Asian mission of two decades before, and what Japan was asked for it, again."""
    atlas = build.build(Settings())
    arrays, row = atlas.arrays, atlas.mission_row(ASIAN)
    mission = arrays.missions[row]
    middle = int(mission.start + mission.end) // 2
    now = arrays.mission_months[middle, row]
    asked = arrays.asked[middle, row]
    kinds = ", ".join(
        f"{KINDS[k]} = {float(asked[k] / asked.sum())!r}" for k in np.flatnonzero(asked)
    )
    host = atlas.states[mission.host] if mission.host >= 0 else "KHM"
    name = f"{ASIAN} again"
    words = ("fails", "partial", "holds"), ("none", "strained", "full")
    rivals = ("none", "bands", "organised", "quasi_state")
    text = f"""[[events]]
type = "open_mission"
month = "{month_text(int(mission.start) + DECADES)}"
mission = "{name}"
framework = "un_pko"
host = "{host}"
end = "{month_text(int(mission.end) + DECADES)}"
strength = {int(asked.sum())}
force_level = {int(now.force_level)}
ceasefire = "{words[0][round(2 * float(now.ceasefire))]}"
consent = "{words[1][round(2 * float(now.consent))]}"
rival = "{rivals[int(now.rival)]}"
fighting = {float(now.fighting):.4f}
interest = {float(now.interest):.4f}
kinds = {{ {kinds} }}
"""
    requests = table("requests")
    for ask in requests[
        (requests["mission"] == ASIAN) & (requests["state"] == STATE) & (requests["part_of"] == "")
    ].to_dict("records"):
        text += f"""[[events]]
type = "request"
month = "{month_text(month_number(ask["month"]) + DECADES)}"
state = "{STATE}"
mission = "{name}"
kind = "{ask["kind"]}"
personnel = {int(float(ask["personnel"]))}
requester = "{ask["requester"]}"
mode = "{ask["mode"]}"
interest = {float(ask["interest"] or 0)}
"""
    return text


def _months() -> tuple[slice, slice]:
    """The earlier years, and the months from the start of the study on."""
    return (
        slice(month_number(EARLIER[0]), month_number(EARLIER[1]) + 1),
        slice(month_number(FIRST), None),
    )


def _calmer_mandates(arrays: World) -> World:
    """UN mandates no more robust than on average in the earlier years, weighted by what they asked
    for."""
    before, after = _months()
    out = arrays.mission_months.copy()
    un = arrays.missions["group"] == GROUP_UN
    weights = out["asked"][before] * un
    for column in ("force_level", "protection"):
        mean = float((out[column][before] * weights).sum() / weights.sum())
        later = out[column][after]
        later[:, un] = np.minimum(later[:, un], mean)
    return arrays._replace(mission_months=out)


def _lower_threat(arrays: World, state: int) -> World:
    before, after = _months()
    out = arrays.state_months.copy()
    level = out["threat"][:, state]
    level[after] = np.minimum(level[after], level[before].mean())
    return arrays._replace(state_months=out)


def _second_unit(arrays: World, atlas: Atlas) -> World:
    out = np.concatenate([arrays.initial, arrays.initial[:1]]).view(np.recarray)
    cell = out[-1]
    start = month_number(FIRST)
    cell.month, cell.state, cell.mission = (
        start,
        atlas.state_row(STATE),
        atlas.mission_row(SECOND[0]),
    )
    cell.kind, cell.people, cell.since = KINDS.index(SECOND[1]), SECOND[2], start - 12
    return arrays._replace(initial=out)


RUNS = 300
PAGE = Path(__file__).parents[1] / "docs" / "paradox.md"
HEAD = """# Why the paradox: permission widened in 2015, units ended in 2017

Written by `python -m examples.japan_2015 --page`. {count} combinations of {switches} switches,
{runs} runs each with common random numbers (seed 1), Japan and Korea deciding from the documented
situation of {first} to {last}. A switch is on as documented, or off as in the years in which Japan
sent units ({since} to {until}; its last unit entered in January 2012). The change from all off to
all on is attributed exactly: each switch's effect is its mean over every order of throwing them
(Shapley 1953).
"""
TAIL = """## How far this goes

The model begins with the three units there in February 2012, so it can say why they left and why
none followed, not why they had come. Its direct requests are the documented ones: after 2012 few
asked Japan for a unit, and without a request there is no answer. One second unit, one Asian mission
and one earlier mean are choices; others are possible. In history no unit was left in {after}; with
all switches on the model keeps one in {kept:.0%} of the runs, which no switch here explains.
"""


def page(values: np.ndarray) -> str:
    """The page from the outcomes of every combination."""
    found = effects(values)
    head = HEAD.format(
        count=len(values), switches=len(SWITCHES), runs=values.shape[1], first=FIRST, last=LAST,
        since=EARLIER[0], until=EARLIER[1],
    )  # fmt: skip
    parts = [
        "\n\n".join(part.replace("\n", " ") for part in head.split("\n\n")),
        "| switch | on | off |\n|---|---|---|",
    ]
    parts[-1] += "".join(f"\n| {name} | {SWITCHES[name]} | {OFF[name]} |" for name in SWITCHES)
    for place, (outcome, (title, unit)) in enumerate(OUTCOMES.items()):
        rows = found.xs(outcome).reset_index()
        off, on = values[0, :, place].mean(), values[-1, :, place].mean()
        parts.append(f"## {title[0].upper()}{title[1:]}")
        parts.append(f"All off {off:.2f}, all on {on:.2f} ({unit}).")
        parts.append("| switch | effect | 95% interval |\n|---|---|---|" + "".join(
            f"\n| {row['switch']} | {row['mean']:+.3f} | {row['low']:+.3f} to {row['high']:+.3f} |"
            for row in rows.to_dict("records")
        ))  # fmt: skip
        parts.append(moved_by(rows[rows["switch"] != "all"]))
    kept = values[-1, :, list(OUTCOMES).index("presence")].mean()
    heading, text = TAIL.format(after=AFTER, kept=kept).split("\n\n", 1)
    parts += [heading, text.replace("\n", " ")]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def moved_by(rows: pd.DataFrame) -> str:
    """Which switches move an outcome, the strongest first, and which do so by chance at most."""
    sure = (rows["low"] > 0) | (rows["high"] < 0)
    order = rows[sure].sort_values("mean", key=lambda column: -column.abs())
    moved = ", ".join(f"{one['switch']} ({one['mean']:+.2f})" for one in order.to_dict("records"))
    rest = ", ".join(rows["switch"][~sure])
    said = f"Moved by {moved}" if moved else "Moved by none"
    return f"{said}; by no more than chance: {rest}." if rest else f"{said}."


if __name__ == "__main__":
    every = study(RUNS)
    if "--page" in sys.argv:
        PAGE.write_text(page(every), encoding="utf-8")
    print(effects(every).round(3).to_string())
