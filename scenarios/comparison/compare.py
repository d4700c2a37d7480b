"""Comparing scenarios: paired runs with common random numbers, and what differs between them.

Run by run the scenarios share every draw that decides the same thing, so the difference between two
of them is a paired difference, in which common random draws cancel.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from model.engine.run_arrays import Trace
from model.errors import InputError
from model.own_terms import Term

from ..definition import library
from ..file_format.schema import Scenario
from ..running import confidence, model_adapter
from ..running.exact_counts import Tally
from ..running.other_tables import takes_tables
from ..running.result_writer import Draw, Writer
from ..running.run_options import (
    FORMATS,
    Format,
    RunOptions,
    check_numbers,
    check_threads,
    in_command,
    in_manifest,
    judge,
    one_scenario,
    put_in,
)
from ..storage import provenance
from .comparison_result import Comparison, write
from .divergence import Divergences
from .expectations import Held, plain, table
from .yearly_outcomes import Outcomes

if TYPE_CHECKING:
    from model.engine.run_output import Chunk
    from model.world.build import Atlas


Named = str | Path | Mapping[str, Any] | Scenario  # what a scenario may be given as

LEVELS = (0.8, 0.95)
MOST_COMPARED = 50  # scenarios at once
MOST_TRACED = 2000  # runs whose decisions are searched for divergences
TOLD = {  # of a scenario, and moves nothing
    "title", "question", "author", "references", "description", "baseline", "expect", "variants",
    "axes",
}  # fmt: skip
KEYS = ["variable", "unit", "state", "framework", "kind", "year"]


@takes_tables
def compare(
    base: Named,
    *others: Named,
    runs: int = 500,
    seed: int = 1,
    out: str | Path | None = None,
    format: Format = "parquet",
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    world: Callable[[Scenario, tuple[str, ...]], Atlas] = model_adapter.world_of,
    overwrite: bool = False,
    draw: Draw | None = None,
    tables: str | Path | None = None,
    **options: Unpack[RunOptions],
) -> Comparison:
    """Run scenarios with common random numbers and compare the others with the first.

    Args:
        base, others: names in the library, TOML files, dictionaries or scenarios; one alone is
            compared with the baseline that it names, over its own months and with its own states
            deciding (one that names none: with ``continued`` if all its events come after the
            record, else with ``historical``).  The name of a scenario with variants stands for all
            of them, except as base.
        runs, seed, out, format, threads, overwrite, draw, tables: as for ``run``.
        options: as for ``run``; they hold for every scenario of the comparison.
        progress: called with the paired runs done and asked for.
        world: makes the world of a scenario with the states to report; one that keeps worlds ready
            spares building them.

    Returns:
        A ``Comparison``.  ``differences`` has mean, standard error, median, the middle 80 and 95%
        of the runs, and the shares of runs up, equal and down; ``detectable`` is the smallest mean
        difference that so many runs would tell from zero (at 95%, four times in five),
        ``runs_needed`` the runs for the one found, ``enough`` whether there are as many.
        ``expectations`` says of a scenario whose baseline is the base whether its effects are those
        that its file expects.

    Raises:
        InputError: anything misspelt or out of range; nothing to compare with; different periods.

    Example:
        >>> import peacekeeping as pk
        >>> found = pk.compare("historical", "korea-act-in-2000/act", runs=3, end="2003-12")
        >>> found.base, found.others, found.runs
        ('historical', ['korea-act-in-2000/act'], 3)
    """
    chosen = _chosen(base, others)
    check_numbers(runs, seed)
    check_threads(threads)
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r}; valid are {', '.join(FORMATS)}")
    chosen = [one_scenario(one) for one in chosen]
    scenarios = _same_deciders([put_in(one, **options) for one in chosen])
    for before, changed in zip(chosen, scenarios, strict=True):
        judge(before, changed, options.get("settings"))
    _same_period(scenarios)
    _warn_of_shared_options(scenarios, options)
    labels = _labels(scenarios)
    reported = tuple(
        dict.fromkeys(code for one in scenarios for code in model_adapter.reported_states(one))
    )
    manifest = _manifest(
        scenarios, labels, runs, seed, reported, in_manifest(options, _given(scenarios, options))
    )
    named = labels if others else [_name(base)]
    manifest["program"] = provenance.describe(_command(manifest, format, named))
    with ExitStack() as stack:
        writer = None
        if out is not None:  # before anything is simulated
            writer = Writer(out, format, manifest["program"]["command"], overwrite)
            stack.enter_context(writer)
        found = _compared(
            scenarios, labels, reported, runs, seed, threads, progress, world, options
        )
        result = Comparison(manifest, **found)
        return result if writer is None else write(result, writer, draw)


def _compared(
    scenarios: Sequence[Scenario],
    labels: list[str],
    reported: tuple[str, ...],
    runs: int,
    seed: int,
    threads: int | None,
    progress: Callable[[int, int], None] | None,
    world: Callable[[Scenario, tuple[str, ...]], Atlas],
    options: RunOptions,
) -> dict[str, Any]:
    """The tables of a comparison; arguments as there."""
    atlases = [world(one, reported) for one in scenarios]

    outcomes = [Outcomes(atlas) for atlas in atlases]
    levels = [Tally() for _ in atlases]
    differences = [Tally() for _ in atlases[1:]]
    divergences = [Divergences(atlases[0], atlas) for atlas in atlases[1:]]
    held = [
        Held(one if _is_baseline(scenarios[0], one, options) else one.changed(expect=[]), reported)
        for one in scenarios[1:]
    ]
    done = 0
    for chunks in paired(atlases, runs, seed, threads):
        measured = [one.measure(chunk) for one, chunk in zip(outcomes, chunks, strict=True)]
        for tally, values in zip(levels, measured, strict=True):
            tally.add(values)
        for tally, values in zip(differences, measured[1:], strict=True):
            tally.add(values - measured[0])
        traced = chunks[0].runs[-1] < MOST_TRACED
        for part, own, chunk in zip(divergences, held, chunks[1:], strict=True):
            if traced:
                part.add(chunks[0], chunk)
            own.add(chunks[0], chunk, traced)
        done += len(chunks[0].ledgers)
        if progress is not None:
            progress(done, runs)
    tables: dict[str, Any] = _tables(outcomes[0].cells, levels, differences, labels)
    for name in ("divergences", "changes", "moments"):
        found = [getattr(part, name)() for part in divergences]
        tables[name] = _stacked(found, labels[1:])
    tables["expectations"] = _stacked([table(own.findings()) for own in held], labels[1:])
    return tables


def _manifest(
    scenarios: Sequence[Scenario],
    labels: list[str],
    runs: int,
    seed: int,
    reported: tuple[str, ...],
    overrides: dict[str, Any],
) -> dict[str, Any]:
    """What was compared; the program comes in beside."""
    return {
        "scenarios": [
            {"name": label, **one.model_dump(mode="json", exclude={"variants"})}
            for label, one in zip(labels, scenarios, strict=True)
        ],
        **_own(scenarios, labels),
        "overrides": overrides,
        "runs": runs,
        "seed": seed,
        "traced": min(runs, MOST_TRACED),
        "frame": {
            "start": scenarios[0].period.start,
            "end": scenarios[0].period.end,
            "states": list(reported),
        },
    }


def _given(scenarios: Sequence[Scenario], options: RunOptions) -> Sequence[Term]:
    """The own terms that were given for every scenario, with their values."""
    return scenarios[0].terms if options.get("terms") else ()


def _own(scenarios: Sequence[Scenario], labels: list[str]) -> dict[str, Any]:
    """The terms of the user's own theory of each scenario that has any, for the manifest."""
    found = {
        label: [term.described() for term in one.terms]
        for label, one in zip(labels, scenarios, strict=True)
        if one.terms
    }
    return {"terms": found} if found else {}


def _command(manifest: Mapping[str, Any], format: Format, named: Sequence[str]) -> list[str]:
    """The command, without the folder, so that it names no place; ``named``: its scenarios."""
    given = manifest["overrides"]
    command = ["peacekeeping", "compare", *named]
    command += ["--runs", str(manifest["runs"]), "--seed", str(manifest["seed"])]
    command += in_command(given)
    return command + (["--format", format] if format != "parquet" else [])


def _tables(
    cells: pd.DataFrame, levels: Sequence[Tally], differences: Sequence[Tally], labels: list[str]
) -> dict[str, pd.DataFrame]:
    """The tables ``differences`` and ``levels``."""
    found = [_table(cells, tally) for tally in levels]
    rows = [
        _differences(cells, tally, (found[0], own), label)
        for tally, own, label in zip(differences, found[1:], labels[1:], strict=True)
    ]
    filled = [_filled(table, label) for table, label in zip(found, labels, strict=True)]
    return {
        "differences": pd.concat(rows, ignore_index=True),
        "levels": pd.concat(filled, ignore_index=True),
    }


def paired(
    atlases: Sequence[Atlas], runs: int, seed: int, threads: int | None = None
) -> Iterator[tuple[Chunk, ...]]:
    """The same runs of several worlds, chunk by chunk, the first runs traced for divergences."""
    trace = Trace(states=atlases[0].reported, runs=tuple(range(min(runs, MOST_TRACED))))
    with ExitStack() as stack:
        streams = []
        for atlas in atlases:
            stream = model_adapter.chunks(atlas, range(runs), seed, threads=threads, trace=trace)
            streams.append(stream)
            stack.callback(getattr(stream, "close", lambda: None))  # ends its threads
        yield from zip(*streams, strict=True)


def _chosen(base: Named, others: Sequence[Named]) -> list[Scenario]:
    """The scenarios, the base first; a single one brings its own baseline, one with variants all
    of them."""
    _not_too_many(1 + len(others))
    compared = [one for each in (others or [base]) for one in _meant(each)]
    _not_too_many(1 + len(compared))
    if not others:
        compared = [library.with_baseline(one) for one in compared]
        return [library.baseline(compared[0]), *compared]
    return [base if isinstance(base, Scenario) else library.to_run(base), *compared]


def _not_too_many(count: int) -> None:
    if count > MOST_COMPARED:
        raise InputError(f"{count} scenarios to compare; at most {MOST_COMPARED} are")


def _meant(given: Named) -> list[Scenario]:
    """The scenarios that are compared where this is given."""
    return [given] if isinstance(given, Scenario) else library.to_compare(given)


def _name(given: Named) -> str:
    """What a scenario is called in the command, its variants left to it."""
    return (given if isinstance(given, Scenario) else library.find(given)).name


def _is_baseline(base: Scenario, other: Scenario, options: RunOptions) -> bool:
    """Whether the base is what the effects of the other are expected against."""
    if not other.expect or other.baseline is None:
        return False
    usual = put_in(
        library.baseline(other), settings=options.get("settings"), point=options.get("point")
    )
    return plain(base) == plain(usual) and base.terms == other.terms


def _labels(scenarios: Sequence[Scenario]) -> list[str]:
    """A name for each scenario, numbered where two have the same."""
    names = [one.name for one in scenarios]
    return [
        name if name not in names[:place] else f"{name} ({names[:place].count(name) + 1})"
        for place, name in enumerate(names)
    ]


def _same_deciders(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """The scenarios, in which every state decides that decides in one of them: a state that is
    recorded in one and decides in another would differ by that alone."""
    named = [one.deliberating for one in scenarios]
    if all(one == named[0] for one in named):
        return list(scenarios)
    every: Any = "all"
    if "all" not in named:
        every = list(dict.fromkeys(code for one in named for code in one))
    return [one.changed(deliberating=every) for one in scenarios]


def _same_period(scenarios: Sequence[Scenario]) -> None:
    first = scenarios[0]
    for other in scenarios[1:]:
        if other.period != first.period:
            spans = [
                f"{one.name} from {one.period.start} to {one.period.end}" for one in (first, other)
            ]
            raise InputError(
                f"the periods differ, {spans[0]} and {spans[1]}; give both one with --from and --to"
            )


def _warn_of_shared_options(scenarios: Sequence[Scenario], options: RunOptions) -> None:
    """Say on the error stream that settings and terms hold for all that is compared, where nothing
    else could have told them apart."""
    shared = [*(options.get("settings") or {}), *(one.name for one in options.get("terms") or ())]
    first = scenarios[0]
    if not shared or any(_run_as(one) != _run_as(first) for one in scenarios[1:]):
        return
    print(
        f"{' and '.join(shared)}: what is set acts on every scenario of a comparison, the baseline "
        "too, and nothing else differs between them; set it in the file of one of them instead.",
        file=sys.stderr,
        flush=True,
    )


def _run_as(scenario: Scenario) -> tuple[dict[str, Any], tuple[Term, ...]]:
    """All of a scenario that a run depends on."""
    return scenario.model_dump(exclude=TOLD), scenario.terms


def _table(cells: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    """Statistics of every cell in its unit."""
    found, scale = tally.statistics(LEVELS), cells["scale"].to_numpy()
    table = cells[KEYS].assign(
        runs=tally.runs,
        mean=found.mean * scale,
        deviation=found.deviation * scale,
        median=found.median * scale,
    )
    for level in LEVELS:
        table[f"low{100 * level:.0f}"] = found.lower[level] * scale
        table[f"high{100 * level:.0f}"] = found.upper[level] * scale
    return table.assign(up=found.up, down=found.down)


def _filled(table: pd.DataFrame, label: str) -> pd.DataFrame:
    """Levels without the cells that are zero in every run."""
    kept = table[(table["up"] > 0) | (table["down"] > 0)].drop(columns=["up", "down"])
    kept.insert(0, "scenario", label)
    return kept


def _differences(
    cells: pd.DataFrame, tally: Tally, levels: tuple[pd.DataFrame, pd.DataFrame], label: str
) -> pd.DataFrame:
    """Paired differences of the cells that are not zero in both scenarios throughout."""
    table = _table(cells, tally)
    error = table.pop("deviation") / math.sqrt(tally.runs)
    table.insert(0, "scenario", label)
    place = list(table.columns).index("runs") + 1
    table.insert(place, "base", levels[0]["mean"])
    table.insert(place + 1, "other", levels[1]["mean"])
    table.insert(place + 3, "error", error)
    table["equal"] = 1.0 - table["up"] - table["down"]
    table["detectable"] = confidence.detectable(error)
    table["runs_needed"] = confidence.runs_needed(table["mean"], error, tally.runs)
    table["enough"] = ~(table["runs_needed"] > tally.runs)
    filled = [(level["up"] > 0) | (level["down"] > 0) for level in levels]
    return table[filled[0] | filled[1]].reset_index(drop=True)


def _stacked(tables: Sequence[pd.DataFrame], labels: Sequence[str]) -> pd.DataFrame:
    for frame, label in zip(tables, labels, strict=True):
        frame.insert(0, "scenario", label)
    filled = [frame for frame in tables if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else tables[0]
