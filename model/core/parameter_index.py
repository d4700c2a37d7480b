"""Parameters: one number each, in ``data/parameters.csv`` with unit, range, source and status.

Every row of the table without a state gives a constant of this module: ``SLOTS`` is the column of
the parameter ``slots`` in a state's row of numbers.  A row with a state adds that state's own
deviation to the shared value.  The names are those of the shipped table: a table of one's own may
change values, and code knows no others.
"""

from ..closed_tables import rows
from ..data_folder import SHIPPED
from . import utility_terms

# The first columns are the weights of the utility terms, in the order of the terms.
_WEIGHTS = tuple(f"weight_{name}" for name in utility_terms.NAMES)
_LISTED = rows("parameters", "name", folder=SHIPPED)

NAMES: tuple[str, ...] = (*_WEIGHTS, *(name for name in _LISTED if name not in _WEIGHTS))
COUNT = len(NAMES)
INDEX: dict[str, int] = {name: place for place, name in enumerate(NAMES)}

globals().update({name.upper(): place for name, place in INDEX.items()})


def __getattr__(name: str) -> int:
    """Refuse a constant without a row; its type is what tells checkers that the others exist."""
    raise AttributeError(f"parameters.csv has no row {name.lower()!r}")
