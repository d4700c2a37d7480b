"""One run from first to last month: a compiled loop over the four steps of the Mesa model."""

from ..core.jit import entry
from ..steps.schedule import begin, deliberate, live, settle
from .run_arrays import reset


@entry
def simulate(world, run, key, row):
    """Run every month of a world; what happened stays in ``run``.

    Args:
        key: uint64[3] of ``rng.key``.
        row: float64 row of parameters and deviations, in the order of ``parameter_values.columns``.
    """
    reset(world, run, key, row)
    for month in range(world.span[0], world.span[2] + 1):
        if month >= world.span[3]:
            begin(world, run, month)
            for state in world.actors:
                deliberate(world, run, month, state)
            settle(world, run, month)
        for state in world.actors:
            live(world, run, month, state)
