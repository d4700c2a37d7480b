"""Scenario discovery: where in the space of the factors an outcome is high or low."""

from typing import Any

import numpy as np
import pandas as pd

LEAVES = 6  # regions at most
WORTH = 0.005  # share of the variance that another region must explain


Step = tuple[int, bool, float]  # column, whether above the threshold, threshold


def regions(means: np.ndarray, table: pd.DataFrame) -> pd.DataFrame:
    """The leaves of a small regression tree of the averages, as text, highest mean first.

    Args:
        means: float64[configurations], an outcome.  table: their factors, row by row.

    Returns:
        One row a region: words, configurations, share, mean, deviation, explained.
    """
    from sklearn.tree import DecisionTreeRegressor

    numeric = [name for name in table.columns if pd.api.types.is_numeric_dtype(table[name])]
    parts = [table[numeric].astype(float)]
    choices = [name for name in table.columns if name not in numeric]
    parts += [
        pd.DataFrame({(name, value): (table[name] == value).astype(float)})
        for name in choices
        for value in sorted(table[name].unique())
    ]
    columns: list[Any] = [column for part in parts for column in part.columns]
    matrix = np.column_stack([part.to_numpy() for part in parts])
    tree = DecisionTreeRegressor(
        max_leaf_nodes=LEAVES,
        min_samples_leaf=max(1, len(means) // 20),
        min_impurity_decrease=WORTH * float(means.var()),
        random_state=0,
    ).fit(matrix, means)
    explained = float(tree.score(matrix, means)) if means.std() > 1e-12 else 0.0
    leaves = tree.apply(matrix)
    rows = []
    for leaf, path in _paths(tree.tree_).items():
        here = means[leaves == leaf]
        rows.append(
            {
                "region": _words(path, columns, table, choices),
                "configurations": len(here),
                "share": len(here) / len(means),
                "mean": float(here.mean()),
                "deviation": float(here.std()),
                "explained": explained,
            }
        )
    return pd.DataFrame(rows).sort_values("mean", ascending=False, ignore_index=True)


def _paths(tree: Any) -> dict[int, list[Step]]:
    """The steps from the root to each leaf."""
    found: dict[int, list[Step]] = {}
    waiting: list[tuple[int, list[Step]]] = [(0, [])]
    while waiting:
        node, path = waiting.pop()
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left < 0:
            found[node] = path
            continue
        column, threshold = int(tree.feature[node]), float(tree.threshold[node])
        waiting.append((left, [*path, (column, False, threshold)]))
        waiting.append((right, [*path, (column, True, threshold)]))
    return found


def _words(path: list[Step], columns: list[Any], table: pd.DataFrame, choices: list[str]) -> str:
    """A region as text: bounds of numbers, and which choices remain."""
    bounds: dict[str, list[float]] = {}
    left = {name: sorted(table[name].unique()) for name in choices}
    for column, above, threshold in path:
        key = columns[column]
        if isinstance(key, tuple):
            name, value = key
            left[name] = [v for v in left[name] if (v == value) == above]
        else:
            bound = bounds.setdefault(key, [-np.inf, np.inf])
            bound[0 if above else 1] = threshold
    said = []
    for name, (low, high) in bounds.items():
        if low > -np.inf and high < np.inf:
            said.append(f"{name} from {low:.3g} to {high:.3g}")
        else:
            said.append(f"{name} above {low:.3g}" if low > -np.inf else f"{name} up to {high:.3g}")
    for name, values in left.items():
        if len(values) < table[name].nunique():
            said.append(f"{name} {' or '.join(str(value) for value in values)}")
    return ", ".join(said) or "everywhere"
