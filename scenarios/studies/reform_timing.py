"""When the statutes of Japan and Korea come in where law is an outcome, and when they came in
history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from model.engine.run_arrays import NO_TRACE
from model.months import month_number
from model.world.reform_packages import documented

from ..file_format.schema import Scenario
from ..running import model_adapter
from ..running.run_options import check_numbers, resolve


def statute_years(
    scenario: str | Path | Scenario = "historical",
    runs: int = 500,
    seed: int = 1,
    *,
    settings: Mapping[str, float | str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Distribution of the month in which each reform enters into force over runs.

    Returns:
        One row a reform that is an outcome: state, reform, documented month, the median and the 10
        and 90% quantiles of the simulated month (``""``: not by the end), the share of runs
        without it, the share of runs with it by the documented month, and the mean number of
        windows and of failed attempts.

    Raises:
        InputError: a name, number or setting is not valid.
    """
    chosen = resolve(scenario, settings={**(settings or {}), "reform": "endogenous"})
    chosen = chosen.changed(afterwards="recorded")  # the others do not make these laws
    check_numbers(runs, seed)
    parts = []
    for chunk in model_adapter.chunks(
        model_adapter.world_of(chosen), range(runs), seed, trace=NO_TRACE
    ):
        parts.append(chunk.reforms())
        if progress is not None:
            progress(sum(len(part["run"].unique()) for part in parts), runs)
    table = pd.concat(parts, ignore_index=True)
    known = documented().set_index("reform")["in_force"].to_dict()
    rows = []
    for (state, reform), group in table.groupby(["state", "reform"], sort=False):
        months = sorted(group["in_force"], key=lambda month: (month == "", month))
        came = [month for month in months if month]
        rows.append(
            {
                "state": state,
                "reform": reform,
                "documented": known[str(reform)],
                **{
                    name: months[min(int(share * len(months)), len(months) - 1)]
                    for name, share in (("q10", 0.1), ("median", 0.5), ("q90", 0.9))
                },
                "never": 1.0 - len(came) / len(months),
                "by_documented": sum(
                    month_number(month) <= month_number(known[str(reform)]) for month in came
                )
                / len(months),
                "windows": float(group["windows"].mean()),
                "failures": float(group["failures"].mean()),
            }
        )
    return pd.DataFrame(rows)
