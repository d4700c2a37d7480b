"""A small set of tables and an invented engine, to test everything around the engine quickly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from model.months import month_number, month_text
from scenarios.file_format.schema import Scenario
from scenarios.running import model_adapter
from scenarios.running.model_adapter import Frames

TABLES = {
    "states.csv": "iso3,name\nJPN,Japan\nKOR,Republic of Korea\nFRA,France\n",
    "missions.csv": "mission,name,end\nUNMIS,Sudan,\nUNMISS,South Sudan,\nUNDOF,Golan,\n",
    "aliases.csv": "alias,kind,name,where\nSouth Korea,state,KOR,test\nnippon,state,JPN,test\n",
    "parameters.csv": (
        "name,role,value,low,high\n"
        "alliance_pressure,lever,1,0,4\n"
        "home_threat,lever,0,-3,3\n"
        "party_lean,uncertainty,0.5,0,1\n"
        "slots_base,constant,2,1,4\n"
    ),
    "instruments.csv": (
        "id,state,title,in_force,lapses,effect,kinds,frameworks,conditions,ceiling,authoriser,"
        "lead_min,lead_max,months_saved,amends,reform,source,status\n"
        "JPN-A,JPN,Act,1992-08,,allow,engineer,un_pko,host_consent,,cabinet,1,6,,,PKO1992,x,sourced\n"
        "JPN-B,JPN,Freeze,1992-08,2001-12,freeze,infantry,un_pko,,,diet,9,9,,,PKO1992,x,sourced\n"
        "JPN-C,JPN,Later,2016-03,,allow,engineer,un_pko,,,cabinet,1,6,,JPN-A,PEACE2015,x,sourced\n"
        "KOR-A,KOR,Vote,1988-02,,authorise,all,all,,,assembly,1,2,,,,x,sourced\n"
    ),
    "contributions.csv": (
        "state,mission,kind,from,to,personnel\n"
        "JPN,UNDOF,transport,1996-02,1996-05,43\n"
        "JPN,UNDOF,staff,1996-02,1996-03,2\n"
        "JPN,UNMISS,engineer,2012-01,2012-02,\n"
        "KOR,UNMISS,engineer,1996-01,1996-12,10\n"
    ),
}

SCENARIO = """title = "A test"
question = "Does it work?"
references = ["test"]

[period]
start = "1996-01"
end = "1996-06"
"""


def write_tables(folder: Path) -> Path:
    """The small tables in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


class InventedEngine:
    """Sends 40 people to UNDOF in every odd run; yields chunks of two runs, and may break."""

    def __init__(self, fail_after: int | None = None, error: BaseException | None = None) -> None:
        self.fail_after = fail_after
        self.error = error
        self.seen: list[Scenario] = []

    def __call__(self, scenario: Scenario, runs: range, seed: int, **_: Any) -> Iterator[Frames]:
        self.seen.append(scenario)
        for first in range(runs.start, runs.stop, 2):
            if self.error is not None and first == self.fail_after:
                raise self.error
            chunk = range(first, min(first + 2, runs.stop))
            series = self._rows(scenario, chunk, seed, "all", "all")
            missions = self._rows(scenario, chunk, seed, "UNDOF", "transport")
            tables = {
                "series": series, "missions": missions, "decisions": self._decisions(chunk, seed)
            }  # fmt: skip
            named = {key: model_adapter._named(one, scenario.name) for key, one in tables.items()}
            yield Frames(len(chunk), {key: one.copy for key, one in named.items()})

    @staticmethod
    def _rows(scenario: Scenario, runs: range, seed: int, mission: str, kind: str) -> pd.DataFrame:
        period = scenario.period
        months = range(month_number(period.start), month_number(period.end) + 1)
        rows = [
            (run, seed, month_text(m), "JPN", "un", mission, kind, "personnel", "people", 40.5)
            for run in runs
            if run % 2
            for m in months
        ]
        columns = ["run", "seed", "month", "state", "framework", "mission", "kind", "variable"]
        return pd.DataFrame(rows, columns=[*columns, "unit", "value"])

    @staticmethod
    def _decisions(runs: range, seed: int) -> pd.DataFrame:
        rows = [
            (0, seed, "1996-02", "JPN", "UNDOF", "transport", "open", "JPN-A", 0.75, "accepted"),
            (0, seed, "1996-03", "KOR", "UNMISS", "engineer", "open", "KOR-A", 0.25, "refused"),
        ]
        columns = ["run", "seed", "month", "state", "mission", "kind", "gate", "provision"]
        return pd.DataFrame(rows if 0 in runs else [], columns=[*columns, "probability", "answer"])
