"""Composite levers: what a trend of peacekeeping makes of the numbers that it moves.

The four trends are those of Yamashita (2014): civilianisation and militarisation of the means of
peacekeeping, decentralisation of its frameworks, strategisation of its objectives.  What each moves
is in ``data/trends.csv``.
"""

from ..core.jit import rule


@rule
def moved(value, level, effect, factor):
    """A parameter as a trend moves it.

    Args:
        level: of the trend: 0 as documented, 1 as far as the table says, 2 twice as far.
        effect: at level 1: what is added or, where ``factor``, the share by which it grows.
    """
    if factor:
        return value * (1.0 + level * effect)
    return value + level * effect


@rule
def asked_for(people, share, posts, strength):
    """People of a kind of police or civilians whom a mission asks for.

    Args:
        people: as its mandate asks.  share: factor on that.
        posts: people of the kind for each of the mission's ``strength`` in uniform.
    """
    return int(people * share + posts * strength + 0.5)


@rule
def comes_about(tilt, interest):
    """Share of the missions of an interest (0..1) that come about; ``tilt`` of those without any do
    not."""
    return 1.0 - tilt * (1.0 - min(1.0, interest))
