"""The one exception for bad input: what was wrong, where, and what would be right."""

import difflib
from collections.abc import Iterable

LONGEST = 100  # letters of a name that is compared with the valid ones


class InputError(ValueError):
    """Bad input from a person: a scenario, a data table, an option, a folder.

    The message is one sentence that names the thing, the place and a valid choice.  The command
    line prints it and ends with status 2; users see no traceback.  What cannot be printed (a line
    break in the header of a damaged table, a mark that turns the reading direction) is spelled out,
    so that the sentence stays on one line whatever it quotes.

    Example:
        >>> import peacekeeping as pk
        >>> try:
        ...     pk.scenario("historicl")
        ... except pk.InputError as error:
        ...     print(error)
        unknown scenario 'historicl'...did you mean 'historical'?...
    """

    def __init__(self, message: str) -> None:
        super().__init__("".join(c if c.isprintable() else _spelled(c) for c in message))


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def nearest(name: str, valid: Iterable[str]) -> str:
    """A clause that helps after an unknown name: the nearest valid one, or a few to choose from.

    Returns text to follow a semicolon, for example ``did you mean 'UNMIS'?``; empty when there is
    nothing to choose from.  Case is ignored.
    """
    choices = list(dict.fromkeys(valid))
    name = str(name)[:LONGEST]
    lowered: dict[str, str] = {}
    for choice in choices:
        lowered.setdefault(choice.lower(), choice)
    close = difflib.get_close_matches(str(name).lower(), lowered, n=1, cutoff=0.5)
    if close:
        return f"did you mean {lowered[close[0]]!r}?"
    if not choices:
        return ""
    shown = ", ".join(choices[:12])
    return f"valid are {shown}" + (f" and {len(choices) - 12} more" if len(choices) > 12 else "")


def unknown(what: str, name: str, valid: Iterable[str], where: str = "") -> InputError:
    """The error for a name that is not in a closed list; ``where`` is put in front."""
    hint = nearest(name, valid)
    place = f"{where}: " if where else ""
    return InputError(f"{place}unknown {what} {name!r}" + (f"; {hint}" if hint else ""))
