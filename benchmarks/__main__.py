"""``python -m benchmarks``: how fast, what sweeps cost, how soon the page redraws, and whether both
engines agree throughout."""

from __future__ import annotations

import sys

from . import equality, page, speed, sweeps

if __name__ == "__main__":
    speed.main()
    sweeps.main()
    page.main()
    sys.exit(equality.main())
