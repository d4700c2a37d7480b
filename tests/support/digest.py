"""A digest of what runs leave behind, so that tests can compare engines and processes bit for bit.

``python -m tests.support.digest SETTINGS`` prints the digest of a short run. With a FOLDER,
``worlds`` keeps short worlds that together walk through every rule, with the digests of their
runs; ``same`` and ``built`` run and build them again and fail at the first difference;
``compared`` runs them in plain Python, alters one rule after the other, and prints the worlds that
differ without that and the rules that no comparison would notice.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import pickle
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np


def digest_of(ledgers: Iterable[Any], decisions: bool = True, places: int | None = None) -> str:
    """Digest of deployments, stocks, reforms and (unless told otherwise) decisions; of numbers
    rounded to so many ``places``, for comparison with another processor, whose last bits differ."""
    digest = hashlib.sha256()
    for ledger in ledgers:
        traced = [ledger.decisions, ledger.terms] if decisions else []
        for table in (ledger.deployments, ledger.stocks, ledger.reforms, *traced):
            digest.update(meant(table, places))
    return digest.hexdigest()


def meant(array: np.ndarray, places: int | None = None) -> bytes:
    """The bytes of an array, field by field, without the padding between fields."""
    names = array.dtype.names
    parts = [array[name] for name in names] if names else [array]
    if places is not None:
        parts = [part.round(places) + 0.0 if part.dtype.kind == "f" else part for part in parts]
    return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


# Rules that fill an array: altered, they do not.
WRITES_ONLY = ("rules.force_generation.largest_remainder",)


def nudge(name: str, shrink: bool) -> Callable[[], None]:
    """Alter a rule wherever it has been imported: numbers grow or shrink, truths turn over.

    Only plain Python can be altered so.  Returns what puts the rule back.
    """
    module, function = name.rsplit(".", 1)
    original = getattr(importlib.import_module(f"model.{module}"), function)

    def altered(*arguments: Any, **named: Any) -> Any:
        if name in WRITES_ONLY:
            return None
        value = original(*arguments, **named)
        if isinstance(value, tuple):
            first = value[0] + type(value[0])(1)
            rest = value[1:]
            return type(value)(first, *rest) if hasattr(value, "_fields") else (first, *rest)
        if isinstance(value, bool | np.bool_):
            return not value
        if isinstance(value, int | np.integer):
            return value + 1
        return 0.2 * value if shrink else value + 0.37

    return replace(original, altered)


def replace(original: Any, other: Callable[..., Any]) -> Callable[[], None]:
    """Put a function in the place of a rule wherever it has been imported, and return the undo."""
    places = [
        (loaded, key)
        for place, loaded in list(sys.modules.items())
        if place.startswith("model")
        for key, thing in list(vars(loaded).items())
        if thing is original
    ]
    for loaded, key in places:
        setattr(loaded, key, other)

    def restore() -> None:
        for loaded, key in places:
            setattr(loaded, key, original)

    return restore


def short(values: dict[str, Any]) -> Any:
    """A world for the settings given as plain values."""
    from model.settings import Event, Settings
    from model.world.build import build

    if "deliberating" in values:
        values = values | {"deliberating": tuple(values["deliberating"])}
    if "events" in values:
        values = values | {"events": tuple(Event(kind, v) for kind, v in values["events"])}
    return build(Settings(**values))


def run_digest(world: Any, runs: int = 2) -> str:
    """Digest of the first runs of a world, traced."""
    from model.engine import ensemble
    from model.engine.run_arrays import Trace

    trace = Trace(states=(), runs=tuple(range(runs)))
    chunks = ensemble.simulate(world, range(runs), 1, threads=1, trace=trace)
    return digest_of(ledger for chunk in chunks for ledger in chunk.ledgers)


# Reforms that come and fail within months, so that a short run walks every step of them.
HASTY = {
    "reform": "endogenous",
    "overrides": {
        "reform_base": -2.0,
        "reform_special_base": -2.0,
        "panel_low": 1,
        "panel_high": 3,
        "draft_low": 0,
        "draft_high": 2,
        "bill_high": 2,
        "session_months": 2,
        "reform_pause": 1,
        "reform_bargain": 0.9,
        "adaptation_months": 0,
    },
}


# Many new missions, and a change of pool and lead time, after the record: two years of requests.
BUSY = {
    "start": "2026-04",
    "end": "2028-03",
    "afterwards": "recorded",
    "deliberating": ["JPN", "KOR", "GHA", "NPL"],
    "overrides": {
        "civilianisation": 1.0,
        "militarisation": 1.0,
        "decentralisation": 1.0,
        "strategisation": 1.0,
        "security_deficit": 0.3,
    },
    "events": [
        ("demand", {"month": "2026-04", "new_missions": 8.0}),
        ("capacity", {"month": "2026-04", "state": "KOR", "pool": 2.0, "lead_time": 0.7}),
    ],
}


# Short worlds that together walk through every rule, and how many runs of each that takes: refused
# units and readings of a ceasefire are rare.
SHORT: dict[str, tuple[dict[str, Any], int]] = {
    "one year": ({"start": "2004-01", "end": "2004-12", "afterwards": "recorded"}, 1),
    "from the beginning": ({"end": "1994-06", "afterwards": "recorded"}, 1),
    "all decide": ({"end": "1991-04", "deliberating": ["all"]}, 1),
    "from 2005": ({"start": "2005-01", "end": "2008-12", "afterwards": "recorded"}, 4),
    "from 2013": ({"start": "2013-10", "end": "2014-08", "afterwards": "recorded"}, 6),
    "reform as an outcome": ({"end": "1993-06", "afterwards": "recorded", **HASTY}, 2),
    "no reform": ({"end": "1993-06", "reform": "none", "overrides": {"adaptation_months": 0}}, 1),
    "new missions": (BUSY, 2),
}


@dataclass(frozen=True)
class Kept:
    """A short world, how many runs of it are compared, and their digest."""

    world: Any
    runs: int
    digest: str


def keep(folder: Path) -> None:
    """Write the short worlds to files: plain Python takes a quarter of a minute to build one."""
    for number, (settings, runs) in enumerate(SHORT.values()):
        world = short(settings)
        kept = Kept(world, runs, run_digest(world, runs))
        (folder / f"{number}.world").write_bytes(pickle.dumps(kept))


def read(folder: Path) -> Iterator[Kept]:
    """The kept worlds, one after the other."""
    for number in range(len(SHORT)):
        yield pickle.loads((folder / f"{number}.world").read_bytes())


def same(folder: Path) -> bool:
    """Whether every kept world still runs to the same bits; stops at the first that does not."""
    return all(run_digest(one.world, one.runs) == one.digest for one in read(folder))


def built(folder: Path) -> bool:
    """Whether the first kept world is still built to the same bits."""
    (settings, _), kept = next(iter(SHORT.values())), next(read(folder))
    now = short(settings)
    arrays = zip(kept.world.arrays, now.arrays, strict=True)
    return now.columns == kept.world.columns and all(
        meant(np.asarray(one)) == meant(np.asarray(other)) for one, other in arrays
    )


@dataclass
class Unaltered:
    """What a kept world does in plain Python, against which altered rules are held.

    Attributes:
        called: rules that some run of it calls.
        months: what every month of every run found of the months before it.
        digest: of all its runs, at their end.
        seconds: that they took.
    """

    kept: Kept
    called: set[str] = field(default_factory=set)
    months: list[str] = field(default_factory=list)
    digest: str = ""
    seconds: float = 0.0


class Noticed(Exception):
    """An altered run has written what the unaltered one has not."""


def written(run: Any) -> str:
    """Digest of what a run has written so far and no later month writes again.

    Where it differs in the middle of a run, so does the digest at the end.
    """
    from model.core import records

    made = run.counts[records.DECISIONS]
    digest = hashlib.sha256(meant(run.decisions[:made]))
    digest.update(meant(run.decision_terms[:made]))
    digest.update(meant(run.stocks))
    return digest.hexdigest()


def each_month(look: Callable[[Any], None]) -> Callable[[], None]:
    """Show a run to ``look`` whenever a month begins (plain Python only).  Returns the undo."""
    from model.steps import schedule

    original = schedule.begin

    def looked(world: Any, run: Any, month: int) -> None:
        look(run)
        original(world, run, month)

    return replace(original, looked)


def watch(name: str, found: set[str]) -> Callable[[], None]:
    """Note the name of a rule whenever it is called.  Returns what puts the rule back."""
    module, function = name.rsplit(".", 1)
    original = getattr(importlib.import_module(f"model.{module}"), function)

    def noted(*arguments: Any, **named: Any) -> Any:
        found.add(name)
        return original(*arguments, **named)

    return replace(original, noted)


def unaltered(names: list[str], kept: Kept) -> Unaltered:
    """Run a kept world, and note which rules it calls and what it has written month by month."""
    found = Unaltered(kept)
    restores = [watch(name, found.called) for name in names]
    restores.append(each_month(lambda run: found.months.append(written(run))))
    begun = time.monotonic()
    try:
        found.digest = run_digest(kept.world, kept.runs)
    finally:
        found.seconds = time.monotonic() - begun
        for restore in reversed(restores):
            restore()
    return found


def is_noticed(name: str, shrink: bool, found: Unaltered) -> bool:
    """Whether one altered rule makes a world run otherwise, or not at all."""
    months = iter(found.months)

    def look(run: Any) -> None:
        if written(run) != next(months, ""):
            raise Noticed

    restores = [nudge(name, shrink), each_month(look)]
    try:
        return run_digest(found.kept.world, found.kept.runs) != found.digest
    except (Noticed, ValueError, IndexError, ZeroDivisionError, OverflowError):
        return True
    finally:
        for restore in reversed(restores):
            restore()


def compared(folder: Path) -> dict[str, list[Any]]:
    """Kept worlds that differ in plain Python, and rules that can be altered without any of them
    changing (plain Python only).

    A rule is altered in the quickest world that calls it, and in the next where that shows nothing.
    """
    from model.core import jit
    from model.engine import ensemble  # every place that holds a rule must be there to be altered

    assert ensemble.simulate_one is not None
    worlds = [unaltered(jit.RULES, kept) for kept in read(folder)]
    quickest = sorted(worlds, key=lambda one: one.seconds)

    def altered_unnoticed(name: str) -> bool:
        callers = [one for one in quickest if name in one.called]  # others cannot notice it
        return not any(is_noticed(name, shrink, one) for shrink in (False, True) for one in callers)

    return {
        "different": [n for n, one in enumerate(worlds) if one.digest != one.kept.digest],
        "unnoticed": [name for name in jit.RULES if altered_unnoticed(name)],
    }


def main() -> None:
    """Print the digest of two runs of a world, or what the kept worlds tell."""
    from tests.support import digest  # by its own name, so that what is kept can be read elsewhere

    if sys.argv[1] in ("worlds", "same", "built", "compared"):
        work = {"worlds": digest.keep, "same": same, "built": built, "compared": compared}
        answer = work[sys.argv[1]](Path(sys.argv[2]))
        print(json.dumps(answer))
        sys.exit(answer is False)
    print(run_digest(short(json.loads(sys.argv[1]))))


if __name__ == "__main__":
    main()
