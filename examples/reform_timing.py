"""When the statutes of Japan and Korea come in where law is an outcome, and when they came in
history.  ``python -m examples.reform_timing --page`` writes ``docs/reform.md``."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from model.engine.run_arrays import NO_TRACE
from model.months import month_number
from model.world.reform_packages import documented
from scenarios.running import model_adapter
from scenarios.running.run_options import resolve


def statute_years(runs: int = 300, seed: int = 1) -> pd.DataFrame:
    """Distribution over runs of the month in which each reform enters into force (``""``: never).

    One row a reform: state, reform, documented month, quantiles of the simulated month, the share
    of runs without it and with it by the documented month, mean windows and failed attempts.
    """
    chosen = resolve("historical", settings={"reform": "endogenous"})
    chosen = chosen.changed(afterwards="recorded")  # the others do not make these laws
    world = model_adapter.world_of(chosen)
    chunks = model_adapter.chunks(world, range(runs), seed, trace=NO_TRACE)
    table = pd.concat([chunk.reforms() for chunk in chunks], ignore_index=True)
    known = documented().set_index("reform")["in_force"].to_dict()
    rows = []
    for (state, reform), group in table.groupby(["state", "reform"], sort=False):
        months = sorted(group["in_force"], key=lambda month: (month == "", month))
        came = np.array([month_number(month) for month in months if month])
        row = {"state": state, "reform": reform, "documented": known[str(reform)]}
        for name, share in (("q10", 0.1), ("median", 0.5), ("q90", 0.9)):
            row[name] = months[min(int(share * len(months)), len(months) - 1)]
        row["never"] = 1.0 - len(came) / len(months)
        row["by_documented"] = (came <= month_number(known[str(reform)])).sum() / len(months)
        rows.append(row | group[["windows", "failures"]].mean().to_dict())
    return pd.DataFrame(rows)


RUNS = 300
PAGE = Path(__file__).parents[1] / "docs" / "reform.md"
HEAD = (
    "# Reform as a process\n\nWritten by `python -m examples.reform_timing --page`. With `--set "
    "reform=endogenous` the reform packages of `model/data/reforms.csv` are outcomes: a shock "
    "opens a window, a panel or the ministries draft, the coalition partner may veto, the houses "
    "vote or bargain. Most attempts fail, as they do in history.\n\n"
    "{runs} runs, seed 1, 1990-11 to 2023-12."
)
TAIL = (
    "A general law that comes early makes special laws needless: requests that it allows press for "
    "nothing more. Direct requests are the documented ones, in every run."
)
COLUMNS = ("state", "package", "documented", "median", "80% interval", "never",
           "by the documented month", "attempts that failed")  # fmt: skip


def page(found: pd.DataFrame, runs: int) -> str:
    """The page from the distribution of each reform."""
    rows = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    inside: list[str] = []
    outside: list[str] = []
    for one in found.fillna("").to_dict("records"):
        low, middle, high = (one[name] or "never" for name in ("q10", "median", "q90"))
        cells = (one["state"], one["reform"], one["documented"], middle, f"{low} to {high}",
                 f"{one['never']:.0%}", f"{one['by_documented']:.0%}",
                 f"{one['failures']:.1f}")  # fmt: skip
        rows.append(f"| {' | '.join(cells)} |")
        holds = low <= one["documented"] <= high
        (inside if holds else outside).append(one["reform"])
    said = (
        f"The documented month lies inside the 80% interval for {len(inside)} of {len(found)} "
        f"packages ({', '.join(inside)})"
    )
    said += f"; outside for {', '.join(outside)}." if outside else "."
    return "\n\n".join([HEAD.format(runs=runs), "\n".join(rows), said, TAIL]) + "\n"


if __name__ == "__main__":
    table = statute_years(RUNS)
    if "--page" in sys.argv:
        PAGE.write_text(page(table, RUNS), encoding="utf-8")
    print(table.to_string(index=False))
