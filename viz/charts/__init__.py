"""One chart a module: tables in, a figure out.

What every figure shares is in ``style``; families of charts have folders of their own.
"""

import sys

from model.errors import InputError

if sys.flags.optimize > 1:
    raise InputError(
        "figures cannot be drawn under python -OO, which takes away texts that altair needs; "
        "leave out one O, or unset PYTHONOPTIMIZE"
    )
