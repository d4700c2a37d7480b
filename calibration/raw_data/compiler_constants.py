"""Constants of the compiler: numbers that no file tells, with unit, source and status."""

from functools import cache

from model.errors import InputError

from .raw_files import coded, number

TABLE = "compiler_constants"


@cache
def _values() -> dict[str, float]:
    """Every constant by name."""
    frame = coded(TABLE, ("name", "value", "unit", "source", "status"))
    values = number(frame, "value", f"{TABLE}.csv")
    if frame["name"].duplicated().any() or values.isna().any():
        raise InputError(f"{TABLE}.csv: every name must stand once and have a value")
    return dict(zip(frame["name"], values, strict=True))


def constant(name: str) -> float:
    """A constant of ``compiler_constants.csv``, in the unit written there.

    Raises:
        InputError: the table has no such name.
    """
    values = _values()
    if name not in values:
        raise InputError(f"{TABLE}.csv has no {name!r}; it has " + ", ".join(sorted(values)))
    return values[name]
