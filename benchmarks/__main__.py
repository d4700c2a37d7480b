"""``python -m benchmarks``: how fast, what sweeps cost, whether both engines agree throughout."""

from __future__ import annotations

import sys

from . import equality, speed, sweeps

if __name__ == "__main__":
    speed.main()
    sweeps.main()
    sys.exit(equality.main())
