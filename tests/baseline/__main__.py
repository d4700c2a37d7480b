"""``python -m tests.baseline``: print what has changed, and accept it as the new baseline.

``--check`` prints it and changes nothing (exit code 1 if there is a difference).
"""

from __future__ import annotations

import sys

from tests import baseline


def main() -> int:
    """Compare, print, and unless told to check only, write."""
    made = baseline.tables()
    lines = baseline.differences(baseline.stored(), made)
    print(baseline.told(lines))
    if "--check" in sys.argv[1:]:
        return 1 if lines else 0
    baseline.write(made)
    print(f"{len(lines)} numbers accepted in {baseline.FOLDER.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
