"""The long tables of some runs: people by month and the stocks, text in categories.

A word stands once in its column's categories and as a small number in the rows, which makes these
tables ten times quicker to build, and smaller, than with the words themselves (``in_words``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..core import records
from ..months import month_text
from ..vocabulary import GROUPS, KINDS, SERIES_COLUMNS, STOCK_UNITS
from .run_output import Chunk, recorded_cells

UNITS = list(dict.fromkeys(["people", *STOCK_UNITS.values()]))
UNIT_OF_STOCK = np.array([UNITS.index(unit) for unit in STOCK_UNITS.values()])


def series(chunk: Chunk) -> pd.DataFrame:
    """Totals by month, reported state and framework (mission ``all``; kind ``all`` and each kind),
    and the stocks.  Rows that are zero are left out."""
    people = chunk.personnel()
    parts = np.nonzero(people)
    totals = people.sum(axis=4)
    sums = np.nonzero(totals)
    first, last = _span(chunk)
    levels = np.stack([ledger.stocks[first : last + 1] for ledger in chunk.ledgers])
    levels = levels[:, :, : len(chunk.atlas.reported)]
    stocks = np.nonzero(levels)
    whole, none = np.zeros(len(sums[0]), dtype=int), np.zeros(len(stocks[0]), dtype=int)
    unit = np.zeros(len(whole) + len(parts[0]), dtype=int)
    run, month, state = (np.concatenate([sums[i], parts[i], stocks[i]]) for i in range(3))
    return _table(
        chunk,
        run=run,
        month=month,
        state=_worded(state, chunk.atlas.reported),
        framework=_worded(
            np.concatenate([sums[3], parts[3], none + len(GROUPS)]), [*GROUPS, "all"]
        ),
        mission=_worded(np.zeros(len(run), dtype=int), ["all"]),
        kind=_worded(np.concatenate([whole, parts[4] + 1, none]), ["all", *KINDS]),
        variable=_worded(np.concatenate([unit, stocks[3] + 1]), ["personnel", *records.STOCKS]),
        unit=_worded(np.concatenate([unit, UNIT_OF_STOCK[stocks[3]]]), UNITS),
        value=np.concatenate([totals[sums], people[parts], levels[stocks]]).astype(float),
    )


def missions(chunk: Chunk) -> pd.DataFrame:
    """People by month, reported state, mission and kind: the parts of ``series``."""
    atlas, codes = chunk.atlas, chunk.atlas.reported
    first, last = _span(chunk)
    made = [ledger.deployments for ledger in chunk.ledgers]
    d = np.concatenate(made)
    place = np.full(len(atlas.states), -1, dtype=np.int64)
    for number, code in enumerate(codes):
        place[atlas.state_row(code)] = number
    state = place[d["state"]]
    begin = np.maximum(d["arrives"].astype(np.int64), first)
    end = np.where(d["leaves"] > 0, np.minimum(d["leaves"] - 1, last), last)
    length = np.where(state >= 0, np.maximum(end - begin + 1, 0), 0)
    rows = np.repeat(np.arange(len(d)), length)
    month = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length - begin, length) - first
    known = recorded_cells(*chunk.frame(codes), atlas.missions)
    runs, observed = len(made), len(known.people)
    names = (codes, GROUPS, atlas.missions, KINDS)
    group = atlas.arrays.groups[d["framework"]]
    spells = (state, group, d["mission"], d["kind"])
    record = (known.state, known.group, known.mission, known.kind)
    ranks = [
        np.concatenate([_ranks(words)[own][rows], np.tile(_ranks(words)[other], runs)])
        for words, own, other in zip(names, spells, record, strict=True)
    ]
    run = np.repeat(np.arange(runs), [len(one) for one in made])[rows]
    run = np.concatenate([run, np.repeat(np.arange(runs), observed)])
    month = np.concatenate([month, np.tile(known.month, runs)])
    people = np.concatenate([d["people"][rows], np.tile(known.people, runs)])
    shape = (max(1, runs), last - first + 1, *(len(words) for words in names))
    cells, inverse = np.unique(
        np.ravel_multi_index((run, month, *ranks), shape), return_inverse=True
    )
    run, month, *ranks = np.unravel_index(cells, shape)
    state, framework, mission, kind = (
        _worded(rank, sorted(words)) for rank, words in zip(ranks, names, strict=True)
    )
    same = np.zeros(len(cells), dtype=int)
    return _table(
        chunk,
        run=run,
        month=month,
        state=state,
        framework=framework,
        mission=mission,
        kind=kind,
        variable=_worded(same, ["personnel"]),
        unit=_worded(same, ["people"]),
        value=np.bincount(inverse, weights=people, minlength=len(cells)).astype(float),
    )


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """A table with the words themselves instead of categories."""
    return table.assign(
        **{
            str(name): pd.Series(
                column.cat.categories.take(column.cat.codes.to_numpy()), index=table.index
            )
            for name, column in table.items()
            if isinstance(column.dtype, pd.CategoricalDtype)
        }
    )


def _span(chunk: Chunk) -> tuple[int, int]:
    return int(chunk.atlas.arrays.span[1]), int(chunk.atlas.arrays.span[2])


def _table(chunk: Chunk, run: np.ndarray, month: np.ndarray, **columns: object) -> pd.DataFrame:
    """Rows in the columns of the long tables; runs and months by their place in the chunk."""
    first, last = _span(chunk)
    months = [month_text(number) for number in range(first, last + 1)]
    found = {"run": np.array(chunk.runs, dtype=np.int64)[run], "seed": chunk.seed}
    frame = pd.DataFrame(found | {"month": _worded(month, months)} | columns)
    return frame[list(SERIES_COLUMNS)]


def _worded(codes: np.ndarray, words: Sequence[str]) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(words)), validate=False)


def _ranks(words: Sequence[str]) -> np.ndarray:
    """The place of each word among them in order."""
    ranks = np.empty(len(words), dtype=np.int64)
    ranks[np.argsort(words, kind="stable")] = np.arange(len(words))
    return ranks
