"""What a state can see of a mission when it decides."""

from __future__ import annotations

from ..core.jit import step


@step
def seen(world, month, mission):
    """The month as which a mission is read: the one before, or its first where it is only now
    beginning, for then its mandate is read as written."""
    return max(month - 1, world.missions[mission].start, 0)
