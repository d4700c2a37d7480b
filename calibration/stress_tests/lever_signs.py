"""Levers moved one at a time over paired runs: whether what follows is what their words promise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from model import coverage
from model.months import month_text
from model.settings import Settings
from model.world.build import build

from .attempt import COALITION, RUNS, UN, Attempt, Histories, effect


@dataclass(frozen=True)
class Pull:
    """A lever moved, and what should follow: people of whom, and which way (0: no way)."""

    lever: str
    value: float
    words: str
    way: int
    state: str | None = None
    group: int | None = None
    formed: bool | None = None
    ahead: bool = False  # after the last month of data


PULLS = (
    Pull("alliance_pressure", 0.0, "fewer Japanese in coalitions", -1, "JPN", COALITION),
    Pull("alliance_pressure", 0.0, "fewer Koreans in coalitions", -1, "KOR", COALITION),
    Pull("alliance_pressure", 2.0, "more Koreans in coalitions", 1, "KOR", COALITION),
    Pull("alliance_pressure", 2.0, "more Japanese in coalitions", 1, "JPN", COALITION),
    Pull("home_threat", 2.0, "fewer Japanese in UN units", -1, "JPN", UN, True),
    Pull("home_threat", 2.0, "fewer Koreans in UN units", -1, "KOR", UN, True),
    Pull("home_threat", 2.0, "more Koreans in coalitions", 1, "KOR", COALITION),
    Pull("home_threat", 2.0, "Korea's officers and police with the UN as before", 0, "KOR", UN,
         False),
    Pull("un_demand", 1.5, "more people in UN missions", 1, group=UN),
    Pull("un_demand", 0.5, "fewer people in UN missions", -1, group=UN),
    Pull("coalition_demand", 0.3, "fewer people in coalitions", -1, group=COALITION),
    Pull("mandate_robustness", 2.0, "fewer in UN units", -1, group=UN, formed=True),
    Pull("training_effort", 3.0, "more Korean officers and police with the UN", 1, "KOR", UN,
         False),
    Pull("training_effort", 3.0, "more Japanese officers and police with the UN", 1, "JPN", UN,
         False),
    Pull("training_effort", 3.0, "units as before", 0, group=UN, formed=True),
    Pull("public_support", 0.2, "more officers and police with the UN", 1, group=UN, formed=False),
    Pull("public_support", 0.2, "more people in coalitions", 1, group=COALITION),
    Pull("public_support", 0.2, "more in UN units", 1, group=UN, formed=True),
    Pull("slots_added", 2.0, "more in units", 1, formed=True),
    Pull("slots_added", -2.0, "fewer in units", -1, formed=True),
    Pull("new_missions", 3.0, "more people in UN missions after the data end", 1, group=UN,
         ahead=True),
    Pull("closures", 3.0, "fewer people in UN missions after the data end", -1, group=UN,
         ahead=True),
)  # fmt: skip


def levers(runs: int = RUNS, pulls: Sequence[Pull] = PULLS) -> Iterator[Attempt]:
    """Each lever, one at a time, over paired runs: the way that its words promise."""
    spans = {False: Settings(), True: Settings("2020-01", "2035-12", afterwards="deliberate")}
    bases = {ahead: Histories(build(spans[ahead]), runs) for ahead in {p.ahead for p in pulls}}
    moved: dict[tuple[str, float, bool], Histories] = {}
    for pull in pulls:
        key = (pull.lever, pull.value, pull.ahead)
        if key not in moved:
            span = spans[pull.ahead]
            world = build(
                Settings(
                    span.start,
                    span.end,
                    afterwards=span.afterwards,
                    overrides={pull.lever: pull.value},
                )
            )
            moved[key] = Histories(world, runs)
        what = {"state": pull.state, "group": pull.group, "formed": pull.formed}
        if pull.ahead:
            what["since"] = month_text(coverage.last("world") + 1)
        base = bases[pull.ahead].sent(**what)  # type: ignore[arg-type]
        mean, half = effect(base, moved[key].sent(**what))  # type: ignore[arg-type]
        found = 0 if abs(mean) <= half else int(np.sign(mean))
        yield Attempt(
            "levers",
            f"{pull.lever} = {pull.value:g}",
            pull.words,
            f"{mean:+.1f} ± {half:.1f} people on {base.mean():.0f}",
            found == pull.way,
        )
