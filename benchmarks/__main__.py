"""``python -m benchmarks``: how fast, then whether both engines agree over whole periods."""

from __future__ import annotations

import sys

from . import equality, speed

if __name__ == "__main__":
    speed.main()
    sys.exit(equality.main())
