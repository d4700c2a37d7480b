"""``python -m benchmarks``: how fast, how all of it grows, what sweeps cost, how soon the web app
redraws, and whether both engines agree throughout."""

import sys

from . import equality, growth, speed, sweep_runs, web_app

if __name__ == "__main__":
    speed.main()
    growth.main()
    sweep_runs.main()
    web_app.main()
    sys.exit(equality.main())
