"""Filling a table from its margins: iterative proportional fitting on a sparse support."""

import numpy as np

from model.errors import InputError


def fit(
    seed: np.ndarray,
    rows: np.ndarray,
    columns: np.ndarray,
    rounds: int = 2000,
    tolerance: float = 1e-6,
) -> np.ndarray:
    """The table nearest to ``seed`` (in relative entropy) with the given sums of rows and columns.

    Args:
        seed: float64[R, C], zero where nothing may stand.
        rows: float64[R] sums of rows.  columns: float64[C] sums of columns, scaled to the rows'
            total when the two differ.

    Raises:
        InputError: a margin is negative, or positive where the seed is empty.
    """
    if (rows < 0).any() or (columns < 0).any():
        raise InputError("proportional fitting: a margin is negative")
    total = float(rows.sum())
    if total == 0.0 or columns.sum() == 0.0:
        return np.zeros_like(seed)
    columns = columns * (total / columns.sum())
    out = seed * (rows > 0)[:, None] * (columns > 0)[None, :]
    if ((out.sum(axis=1) <= 0) & (rows > 0)).any() or (
        (out.sum(axis=0) <= 0) & (columns > 0)
    ).any():
        raise InputError("proportional fitting: a margin has no cell to stand in")
    for _ in range(rounds):
        out *= _ratio(columns, out.sum(axis=0))[None, :]
        sums = out.sum(axis=1)
        if np.abs(sums - rows).max() <= tolerance * total:
            break
        out *= _ratio(rows, sums)[:, None]
    return out


def _ratio(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Wanted over found, zero where nothing stands."""
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)


def sparse_fit(
    seed: np.ndarray,
    rows: np.ndarray,
    columns: np.ndarray,
    smallest: float,
    share: float,
    passes: int = 4,
) -> np.ndarray:
    """A fit that spreads no state thinly: cells under ``smallest`` and under ``share`` of their row
    are emptied and the rest fitted again.  The largest cells of each row and column are kept, so
    that the margins can still be met.
    """
    out = fit(seed, rows, columns)
    support = seed > 0
    for _ in range(passes):
        limit = np.maximum(smallest, share * rows)[:, None]
        keep = out >= limit
        keep[np.arange(len(rows)), out.argmax(axis=1)] = True
        for place in range(out.shape[1]):
            order = np.argsort(-out[:, place], kind="stable")
            covered = np.cumsum(out[order, place])
            needed = int(np.searchsorted(covered, 0.5 * columns[place])) + 3
            keep[order[:needed], place] = True
        keep &= support & (out > 0)
        if (keep == (out > 0)).all():
            break
        support = keep
        out = fit(np.where(keep, out, 0.0), rows, columns)
    return out


def apportioned(total: int, weights: list[float]) -> list[int]:
    """A total over weights as whole numbers, by largest remainder; ties go to the first.

    Shares are rounded first: the last digits of a sum differ from processor to processor, and a tie
    must not depend on them.
    """
    exact = [round(total * weight / sum(weights), 6) for weight in weights]
    parts = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
