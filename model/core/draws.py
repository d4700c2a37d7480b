"""A run's own draws: keyed luck, counted."""

from __future__ import annotations

from . import records, rng
from .jit import step


@step
def uniform(run, purpose, kind, month, state, mission):
    """One keyed draw, counted."""
    run.counts[records.DRAWS] += 1
    return rng.uniform(run.key, purpose, kind, month, state, mission)
