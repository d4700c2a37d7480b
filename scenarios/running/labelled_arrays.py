"""Long tables as frames with a month index and as labelled arrays, missing rows as zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.errors import InputError, unknown
from model.months import month_number, month_text

if TYPE_CHECKING:
    import xarray

Axes = Mapping[str, Sequence[Any]]


def months(start: str, end: str) -> list[str]:
    """Every month from one to the other, as text."""
    return [month_text(number) for number in range(month_number(start), month_number(end) + 1)]


def periods(texts: Any) -> pd.PeriodIndex:
    """Months as text as a pandas index by month."""
    return pd.PeriodIndex(list(texts), freq="M", name="month")


def cube(rows: pd.DataFrame, axes: Axes, value: str = "value") -> np.ndarray:
    """float64, one axis for each column: values added up by their labels, zero elsewhere.

    Rows with a label that no axis has are left out.
    """
    places = [pd.Index(labels).get_indexer(pd.Index(rows[name])) for name, labels in axes.items()]
    known = np.all([place >= 0 for place in places], axis=0)
    found = np.zeros([len(labels) for labels in axes.values()])
    np.add.at(found, tuple(place[known] for place in places), rows[value].to_numpy()[known])
    return found


def wide(array: np.ndarray, axes: Axes, fixed: Sequence[str] = ()) -> pd.DataFrame:
    """An array whose first axis is time as a frame: a row each, columns by the other labels.

    ``fixed``: axes of one label that the columns need not name.
    """
    time, *others = axes
    names = [name for name in others if name not in fixed] or others[-1:]
    columns: pd.Index = pd.MultiIndex.from_product([axes[name] for name in names], names=names)
    if len(names) == 1:
        columns = columns.get_level_values(0)
    texts = list(axes[time])
    yearly = time == "year"
    index = pd.PeriodIndex(texts, freq="Y", name=time) if yearly else periods(texts)
    return pd.DataFrame(array.reshape(len(texts), -1), index=index, columns=columns)


def chosen(what: str, label: str | None, valid: Sequence[str]) -> list[str]:
    """The labels of an axis: one that was asked for, else all.

    Raises:
        InputError: there is no such label.
    """
    if label is None:
        return list(valid)
    if label not in valid:
        raise unknown(what, label, valid)
    return [label]


def dataset(
    arrays: Mapping[str, tuple[Sequence[str], np.ndarray]],
    coordinates: Mapping[str, Any],
    about: Mapping[str, Any],
    units: Mapping[str, str] | None = None,
) -> xarray.Dataset:
    """Arrays with their labels as an xarray data set; months as the first day of each.

    Raises:
        InputError: xarray is not installed.
    """
    try:
        import xarray
    except ImportError:
        raise InputError(
            "to_xarray needs the package xarray, which the extra 'analysis' installs"
        ) from None
    labels: dict[str, Any] = {}
    for name, values in coordinates.items():
        dimension, own = values if isinstance(values, tuple) else (name, values)
        days = name == "month"
        labels[name] = (dimension, pd.to_datetime(list(own)) if days else np.asarray(own))
    return xarray.Dataset(
        {
            name: (list(axes), array, {"units": (units or {}).get(name, "people")})
            for name, (axes, array) in arrays.items()
        },
        coords=labels,
        attrs=dict(about),
    )
