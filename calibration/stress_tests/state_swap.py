"""Two states with each other's data: every row of the one under the other's code, with its random
draws.

``python -m calibration.stress_tests.state_swap JPN DEU RUNS`` prints the digest of the people that
the first sends, with Korea, read from the tables that ``PEACEKEEPING_DATA`` names.  No state is
named in the rules if Japan's digest is Germany's once their rows are exchanged.
"""

import csv
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from model.core.rng import identity
from model.data_folder import SHIPPED, VARIABLE
from model.settings import Settings
from model.world.build import build

from .attempt import Histories

BESIDE = "KOR"  # a neighbour at the same table, whose answers must not change either


def exchange(one: str, other: str, folder: Path) -> None:
    """Write the shipped tables with two codes exchanged, in cells, lists and names of columns."""
    turned = {one: other, other: one}

    def cell(text: str) -> str:
        if text in turned:
            return turned[text]
        if ";" in text:
            return ";".join(turned.get(part, part) for part in text.split(";"))
        name, dot, code = text.rpartition(".")
        return f"{name}.{turned[code]}" if dot and code in turned else text

    for path in sorted(SHIPPED.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = [[cell(text) for text in row] for row in csv.reader(stream)]
        with (folder / path.name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)


def digest(code: str, known_as: str, runs: int) -> str:
    """Digest of the people of a state that has the random draws of ``known_as``, and of its
    neighbour."""
    pair = (code, BESIDE)
    atlas = build(Settings(end="2014-08", deliberating=pair, reported=pair, afterwards="recorded"))
    states = atlas.arrays.states
    states["identity"][atlas.state_row(code)] = identity(known_as)
    if code != known_as:
        states["identity"][atlas.state_row(known_as)] = identity(code)
    people = Histories(atlas, runs).people
    return hashlib.sha256(np.ascontiguousarray(people).tobytes()).hexdigest()


def digests(one: str, other: str, runs: int) -> tuple[str, str]:
    """Digest of a state as it is, and of the other with its rows and its draws."""
    with tempfile.TemporaryDirectory() as name:
        exchange(one, other, Path(name))
        command = [
            sys.executable,
            "-m",
            "calibration.stress_tests.state_swap",
            other,
            one,
            str(runs),
        ]
        place = dict(os.environ, **{VARIABLE: name})
        place["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        done = subprocess.run(command, env=place, capture_output=True, text=True, check=True)
    return digest(one, one, runs), done.stdout.strip()


if __name__ == "__main__":
    print(digest(sys.argv[1], sys.argv[2], int(sys.argv[3])))
