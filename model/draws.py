"""A run's own draws: keyed luck, counted."""

from __future__ import annotations

from . import luck, shapes
from .compiled import step


@step
def uniform(run, purpose, kind, month, state, mission):
    """One keyed draw, counted."""
    run.counts[shapes.DRAWS] += 1
    return luck.uniform(run.key, purpose, kind, month, state, mission)
