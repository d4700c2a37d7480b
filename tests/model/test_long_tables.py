"""The long tables hold what the runs hold, in words or in categories."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from model.engine import ensemble, long_tables
from model.engine.run_output import Chunk
from model.months import month_number
from model.settings import Settings
from model.vocabulary import GROUPS, KINDS, SERIES_COLUMNS
from model.world.build import build


@pytest.fixture(scope="module")
def chunk() -> Chunk:
    settings = Settings(end="2003-12", deliberating=("JPN", "KOR", "IDN"), reported=("KOR", "JPN"))
    (found,) = ensemble.simulate(build(settings), range(3), 1)
    return found


def expanded(chunk: Chunk) -> pd.DataFrame:
    """The parts from the spells of deployments, the slow and plain way."""
    first = int(chunk.atlas.arrays.span[1])
    rows = [
        (row["run"], month, row["state"], row["group"], row["mission"], row["kind"], row["people"])
        for row in chunk.spells().to_dict("records")
        if row["state"] in chunk.atlas.reported
        for month in range(max(row["first"], first), row["last"] + 1)
    ]
    names = ["run", "month", "state", "framework", "mission", "kind", "value"]
    found = pd.DataFrame(rows, columns=names)
    return pd.DataFrame(found.groupby(names[:-1])["value"].sum().reset_index())


def test_missions_are_the_spells_month_by_month_in_order(chunk: Chunk) -> None:
    table = long_tables.in_words(long_tables.missions(chunk))
    assert tuple(table.columns) == SERIES_COLUMNS
    plain = expanded(chunk)
    assert len(plain) > 1000
    assert table["month"].map(month_number).tolist() == plain["month"].tolist()
    for name in ("run", "state", "framework", "mission", "kind", "value"):
        assert table[name].tolist() == plain[name].tolist(), name


def test_series_are_the_sums_of_the_parts_and_the_stocks(chunk: Chunk) -> None:
    table = long_tables.in_words(long_tables.series(chunk))
    people = table[table["variable"] == "personnel"]
    parts = long_tables.in_words(long_tables.missions(chunk))
    keys = ["run", "month", "state", "framework", "kind"]
    by_kind = people[people["kind"] != "all"].set_index(keys)["value"].sort_index()
    added = parts.groupby(keys)["value"].sum()
    assert added[added > 0].equals(by_kind[by_kind > 0])
    totals = people[people["kind"] == "all"].set_index(keys[:-1])["value"].sort_index()
    assert added.groupby(keys[:-1]).sum().loc[totals.index].equals(totals)
    stock = table[table["variable"] == "opinion_un"]
    levels = np.stack([ledger.stocks for ledger in chunk.ledgers])
    assert set(stock["unit"]) == {"share"} and set(stock["framework"]) == {"all"}
    row = stock[(stock["run"] == 1) & (stock["month"] == "2001-05") & (stock["state"] == "JPN")]
    assert row["value"].tolist() == [levels[1, month_number("2001-05"), 1, 0]]


def test_words_are_in_categories_that_all_chunks_share(chunk: Chunk) -> None:
    for make in (long_tables.series, long_tables.missions):
        table = make(chunk)
        words = table.select_dtypes("category").columns
        assert set(words) == set(SERIES_COLUMNS) - {"run", "seed", "value"}
        other = make(Chunk(chunk.atlas, chunk.seed, chunk.ledgers[:1]))
        assert all(table[name].dtype == other[name].dtype for name in words)
        assert not len(long_tables.in_words(table).select_dtypes("category").columns)
    assert set(long_tables.series(chunk)["framework"].cat.categories) == {*GROUPS, "all"}
    assert set(long_tables.missions(chunk)["kind"].cat.categories) == set(KINDS)
