"""When the statutes of Japan and Korea come in where law is an outcome, and when they came in
history (docs/reform.md).  ``python -m examples.reform_timing``"""

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


if __name__ == "__main__":
    print(statute_years().to_string(index=False))
