"""A small design over the record's first years, and a sweep of it that a test can kill."""

from __future__ import annotations

import sys
from pathlib import Path

DESIGN = """title = "A small sweep"
question = "Does it survive?"
method = "grid"
runs = {runs}

[period]
start = "1990-11"
end = "1996-12"

[vary.home_threat]
values = [{threats}]

[vary.law]
choices.documented = {{}}
choices.none.events = [{{ type = "repeal", month = "1990-11", instruments = ["JPN-*"] }}]

[outcomes.japan_units]
title = "Japan's units in UN missions"
state = "JPN"
group = "un"
kind = "units"

[outcomes.japan_ever]
state = "JPN"
group = "un"
kind = "units"
measure = "ever"

[outcomes.korea_first]
state = "KOR"
measure = "first"
at_least = 100

[outcomes.opinion]
state = "KOR"
variable = "opinion_un"
measure = "last"
"""

SERIES = """
[series]
keep = "summary"
"""


def write_design(
    folder: Path, runs: int = 6, threats: int = 8, extra: str = "", name: str = "small"
) -> Path:
    """The design in a file of a folder, with so many values of the home threat."""
    values = ", ".join(f"{0.5 + number / 10:.1f}" for number in range(threats))
    path = folder / f"{name}.toml"
    path.write_text(DESIGN.format(runs=runs, threats=values) + extra, encoding="utf-8")
    return path


def main() -> None:
    """Arguments: design, folder, and how: threads, processes."""
    from scenarios.sweeps.sweep import sweep

    design, out, how = sys.argv[1:4]
    workers = 2 if how == "processes" else None
    sweep(design, out, resume=Path(out, "manifest.json").exists(), workers=workers)


if __name__ == "__main__":
    main()
