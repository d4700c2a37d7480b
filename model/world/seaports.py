"""Seaports, and how far inland a place lies: what a unit needs comes over land from the nearest.

A folder of tables without ``seaports.csv`` has none, and no place lies inland.
"""

from __future__ import annotations

import numpy as np

from ..core import records
from ..rules import choice
from ..tables import has, numbers, table


def seaports() -> np.ndarray:
    """Where each seaport lies, as ``SITE`` records."""
    frame = table("seaports")
    out = records.records(len(frame), records.SITE)
    for name in ("latitude", "longitude"):
        out[name] = numbers(frame, "seaports", name)
    return out


def write_inland(rows: np.ndarray, instead: np.ndarray | float = 0.0) -> None:
    """Write how far each place of ``MISSION``, ``SITE`` or ``ARCHETYPE`` records lies from the
    nearest seaport, thousands of kilometres; ``instead`` where its position is not known."""
    if not has("seaports") or not rows.size:
        return
    ports = seaports()
    far = np.zeros((ports.size, rows.size))
    choice.distance_table(ports, rows, far)
    known = (rows["latitude"] != 0.0) | (rows["longitude"] != 0.0)
    rows["inland"] = np.where(known, far.min(axis=0), instead)
