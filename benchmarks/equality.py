"""Whether both engines agree to the last bit, over whole periods: slower than a test may be.

``python -m benchmarks.equality`` runs every shipped scenario, variants among them, from 1990 to
2023, with Japan and Korea deciding and with every state, under three seeds, in Mesa and in the
compiled ensemble.  It prints a line for each world, writes ``equality.json`` and ends with status 1
if any differs.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from model.vocabulary import STUDIED

OUT = Path(__file__).parent / "equality.json"
PERIOD = ("1990-11", "2023-12")
SEEDS = (0, 1, 2**64 - 1)
DECIDING: dict[str, Any] = {"two states": list(STUDIED), "all": "all"}


def compare(world: Any, seed: int) -> tuple[str, str]:
    """Digests of one run, every decision of the reported states traced: Mesa, then the ensemble."""
    from model.engine import ensemble
    from model.engine.mesa_model import PeacekeepingModel
    from tests.support.digest import digest_of

    trace = ensemble.default_trace(world)
    model = PeacekeepingModel(atlas=world, run=0, seed_key=seed, trace=trace)
    (chunk,) = ensemble.simulate(world, [0], seed, trace=trace)
    return digest_of(model.run_all().ledgers), digest_of(chunk.ledgers)


def scenarios() -> list[Any]:
    """Every scenario of the library and every variant, over the whole period."""
    from scenarios.definition import library
    from scenarios.file_format.schema import Period
    from scenarios.storage import scenario_folders

    found = []
    for name in scenario_folders.shipped():
        scenario = library.find(name)
        for each in (scenario, *(scenario.variant(key) for key in scenario.variants)):
            found.append(each.changed(period=Period(start=PERIOD[0], end=PERIOD[1])))
    return found


def main() -> int:
    """Compare all; returns the status to end with."""
    from scenarios.running import model_adapter

    compared = differing = 0
    for scenario in scenarios():
        for label, deciding in DECIDING.items():
            world = model_adapter.world_of(scenario.changed(deliberating=deciding))
            for seed in SEEDS:
                start = time.perf_counter()
                mesa, ensemble = compare(world, seed)
                compared += 1
                differing += mesa != ensemble
                verdict = f"equal {mesa[:16]}" if mesa == ensemble else "DIFFERENT"
                seconds = time.perf_counter() - start
                print(
                    f"{scenario.name}, {label}, seed {seed}: {verdict} ({seconds:.1f} s)",
                    flush=True,
                )
    results = {"compared": compared, "differing": differing}
    OUT.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"{differing} differences" if differing else "both engines agree everywhere")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
