"""What would have turned an answer, over many runs: each lever along its range, each provision
struck out, with the same random draws.

One run hangs by a hair: a lever moved a little changes its draws of everything after.  Over the
runs an answer is turned where most of those that are asked answer otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.months import month_number
from model.vocabulary import KINDS, REASONS, STOPS

from ..definition import law_table, lookup
from ..running import model_adapter
from .law_counterfactuals import READ

if TYPE_CHECKING:
    import pandas as pd

    from model.engine.run_output import Ledger
    from model.world.build import Atlas

    from .decisions import Answers

RUNS = 30  # for each value of a lever and each provision
STEPS = 3  # values from the present one to each end of a lever's range
HALVINGS = 3  # of the step in which an answer turns
LATER = 24  # months after its own in which an answer may still come in another run
NEAR = 12  # months by which a renewal may lie elsewhere in another run
ERRORS = 2.0  # standard errors of a share within which it may lie on either side of half
RENEWAL = REASONS.index("renewal")
GOES = STOPS.index("nothing")


@dataclass(frozen=True)
class Share:
    """Of ``asked`` runs the share that went through; without any it is NaN."""

    yes: float
    asked: int

    @property
    def undecided(self) -> bool:
        """Whether so few runs leave open on which side of half the share of all runs lies."""
        return self.asked > 0 and abs(self.yes - 0.5) <= ERRORS * 0.5 / self.asked**0.5


@dataclass(frozen=True)
class LeverCurve:
    """What is answered along the range of one lever.

    Attributes:
        name, unit: as in the table of parameters; ``now``: its value.
        values: rising, ``now`` among them; ``shares``: of the runs that went through, with each.
        turns_at: the value nearest to the present one from which on, to the end of the range, most
            answer otherwise; or None.
    """

    name: str
    unit: str
    now: float
    values: tuple[float, ...]
    shares: tuple[Share, ...]
    turns_at: float | None

    @property
    def swing(self) -> float:
        """By how much the share moves along the range."""
        known = [one.yes for one in self.shares if one.asked]
        return max(known) - min(known) if known else 0.0


@dataclass(frozen=True)
class StruckOut:
    """What is answered without one provision; ``turns``: most answer otherwise."""

    provision: str
    share: Share
    turns: bool


@dataclass(frozen=True)
class Turning:
    """What turns one answer over the runs.

    Attributes:
        request: its id, blank for an open call; ``kind``, ``month``, ``renewal``: which answer.
        runs: made again, the first of ``whole``.
        share: as things are.
        levers: those that move the share most come first; ``provisions``: likewise, in force then.
    """

    request: str
    kind: str
    month: str
    renewal: bool
    runs: int
    whole: int
    share: Share
    levers: tuple[LeverCurve, ...]
    provisions: tuple[StruckOut, ...]

    def table(self) -> pd.DataFrame:
        """One row for each value of each lever, and each provision: ``what``, ``value``, ``now``,
        ``share`` that went through, ``asked``, ``turns_at``."""
        import pandas as pd

        rows: list[dict[str, Any]] = [
            {
                "what": curve.name,
                "value": value,
                "now": curve.now,
                "share": share.yes,
                "asked": share.asked,
                "turns_at": curve.turns_at,
            }
            for curve in self.levers
            for value, share in zip(curve.values, curve.shares, strict=True)
        ]
        rows += [
            {"what": one.provision, "share": one.share.yes, "asked": one.share.asked}
            for one in self.provisions
        ]
        columns = ["what", "value", "now", "share", "asked", "turns_at"]
        return pd.DataFrame(rows, columns=columns)


def turning(
    found: Answers,
    number: int,
    runs: int = RUNS,
    stopped: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Turning:
    """What would turn answer ``number`` of the detailed run, over the first ``runs`` runs.

    Args:
        found: answers on one mission.
        stopped: asked between the parts of the work; what is found until then is returned.
        progress: gets the parts done and all.
    """
    again = _Again(found, number, min(runs, found.runs))
    share = again.share(again.atlas, again.rows)
    levers = {
        name: known
        for name, known in lookup.parameters().items()
        if known["role"] == "lever" and known["low"] and known["low"] != known["high"]
    }
    table = law_table.table(found.scenario.events)
    own = [
        one["id"]
        for one in table
        if one["state"] == found.state
        and one["effect"] in READ
        and one["in_force"]
        and one["in_force"] <= again.month
        and not (one["lapses"] and one["lapses"] <= again.month)
    ]
    parts, done = len(levers) + len(own), 0
    curves, struck = [], []
    for name, known in levers.items():
        if stopped():
            break
        curves.append(again.along(name, known, share))
        done += 1
        progress(done, parts)
    for key in own:
        if stopped():
            break
        law = [one for one in table if one["id"] != key]
        without = again.share(model_adapter.with_law(again.atlas, found.scenario, law), again.rows)
        gone = share.asked > 0 and not without.asked and share.yes >= 0.5  # shut, so not asked
        struck.append(StruckOut(key, without, gone or turned(share, without)))
        done += 1
        progress(done, parts)
    row = again.row
    return Turning(
        request=str(row["request"]),
        kind=str(row["kind"]),
        month=again.month,
        renewal=row["reason"] == "renewal",
        runs=len(again.runs),
        whole=found.runs,
        share=share,
        levers=tuple(sorted(curves, key=lambda one: (one.turns_at is None, -one.swing))),
        provisions=tuple(
            sorted(struck, key=lambda one: (not one.turns, -_moved(share, one.share)))
        ),
    )


def turned(before: Share, after: Share) -> bool:
    """Whether most answer otherwise than before, of those that are asked; half counts as yes."""
    return bool(before.asked and after.asked and (before.yes >= 0.5) != (after.yes >= 0.5))


def _moved(before: Share, after: Share) -> float:
    return abs(after.yes - before.yes) if before.asked and after.asked else 0.0


class _Again:
    """The runs made again up to soon after the answer, with something changed."""

    def __init__(self, found: Answers, number: int, runs: int) -> None:
        self.row = found.decisions.iloc[number].to_dict()
        self.month = str(self.row["month"])
        atlas = found.chunks[0].atlas
        span = atlas.arrays.span.copy()
        if self.row["request"] or self.row["reason"] == "renewal":  # open calls come at any time
            span[2] = min(span[2], month_number(self.month) + LATER)
        self.atlas = replace(atlas, arrays=atlas.arrays._replace(span=span))
        self.seed, self.runs = found.seed, list(range(runs))
        self.rows = np.stack([atlas.row(found.seed, run) for run in self.runs])
        self._place = {column.name: place for place, column in enumerate(atlas.columns)}
        self._trace = Trace(
            states=(found.state,), missions=(str(self.row["mission"]),), runs=tuple(self.runs)
        )

    def along(self, name: str, known: Any, before: Share) -> LeverCurve:
        """The shares along a lever's range, and where they turn."""
        now, low, high = (
            float(self.rows[0, self._place[name]]),
            float(known["low"]),
            float(known["high"]),
        )
        sides = [np.linspace(now, end, STEPS + 1)[1:] for end in (low, high) if end != now]
        values = sorted({now, *(float(value) for side in sides for value in side)})
        found = dict(zip(values, self._with(name, values), strict=True))
        at: list[float] = []
        for way in (
            sorted((value for value in found if value >= now), reverse=True),
            sorted(value for value in found if value <= now),
        ):  # from each end towards the present value, as far as it stays turned
            step = None
            for far, near in pairwise(way):
                if not turned(before, found[far]):
                    break
                step = near, far
            if step is not None:
                at.append(self._nearest(name, *step, before, found))
        ordered = sorted(found)
        return LeverCurve(
            name=name,
            unit=known["unit"],
            now=now,
            values=tuple(ordered),
            shares=tuple(found[value] for value in ordered),
            turns_at=min(at, key=lambda value: abs(value - now), default=None),
        )

    def _nearest(
        self, name: str, near: float, far: float, before: Share, found: dict[float, Share]
    ) -> float:
        """The value nearest to the present one that still turns, within a step."""
        for _ in range(HALVINGS):
            middle = (near + far) / 2
            (found[middle],) = self._with(name, [middle])
            near, far = (near, middle) if turned(before, found[middle]) else (middle, far)
        return far

    def _with(self, name: str, values: list[float]) -> list[Share]:
        rows = np.repeat(self.rows[None], len(values), axis=0)
        rows[:, :, self._place[name]] = np.array(values)[:, None]
        flat = rows.reshape(-1, rows.shape[2])
        told = self._told(self.atlas, flat, self.runs * len(values))
        return [_share(told[i : i + len(self.runs)]) for i in range(0, len(told), len(self.runs))]

    def share(self, atlas: Atlas, rows: np.ndarray) -> Share:
        """The share of the runs that go through in a world."""
        return _share(self._told(atlas, rows, self.runs))

    def _told(self, atlas: Atlas, rows: np.ndarray, runs: list[int]) -> list[bool | None]:
        chunks = ensemble.simulate(
            atlas, runs, self.seed, parameters=rows, trace=self._trace, chunk=10
        )
        return [self._goes(atlas, ledger) for chunk in chunks for ledger in chunk.ledgers]

    def _goes(self, atlas: Atlas, ledger: Ledger) -> bool | None:
        """Whether a run's first answer goes through; None: it is not asked."""
        made, row = ledger.decisions, self.row
        renewal = row["reason"] == "renewal"
        same = (made["kind"] == KINDS.index(row["kind"])) & ((made["reason"] == RENEWAL) == renewal)
        if row["request"]:
            same &= made["ask"] == atlas.asks.index(row["request"])
        elif not renewal:
            same &= (made["ask"] < 0) | (made["ask"] >= len(atlas.asks))
        else:
            same &= np.abs(made["month"] - month_number(self.month)) <= NEAR
        where = np.flatnonzero(same)
        if not len(where):
            return None
        if renewal:
            away = np.abs(made["month"][where] - month_number(self.month))
            where = where[np.argsort(away, kind="stable")]
        return bool(made[where[0]]["stopped"] == GOES)


def _share(told: list[bool | None]) -> Share:
    asked = [one for one in told if one is not None]
    return Share(sum(asked) / len(asked) if asked else float("nan"), len(asked))
