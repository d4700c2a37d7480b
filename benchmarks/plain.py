"""The model in plain Python under ``mesa.batch_run``: what a user would otherwise have.

Run by ``benchmarks.speed`` with compilation off; prints the seconds a run took.
"""

import sys
import time


def main() -> None:
    """Arguments: processes, runs, first month, last month."""
    import mesa

    from model.engine.mesa_model import PeacekeepingModel
    from model.settings import Settings

    processes, runs = int(sys.argv[1]), int(sys.argv[2])
    settings = Settings(start=sys.argv[3], end=sys.argv[4], deliberating=("all",))
    start = time.perf_counter()
    mesa.batch_run(
        PeacekeepingModel,
        parameters={"settings": [settings], "run": list(range(runs)), "collect": ["all"]},
        number_processes=processes,
        iterations=1,
        max_steps=10_000,
        data_collection_period=1,
        display_progress=False,
    )
    print((time.perf_counter() - start) / runs)


if __name__ == "__main__":
    main()
