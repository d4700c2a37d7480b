"""Tables of a report as Markdown."""

from typing import Any

import numpy as np
import pandas as pd


def markdown_table(frame: pd.DataFrame, heads: dict[str, str] | None = None) -> str:
    """A table in Markdown; shares and scores with three digits."""

    def cell(value: Any) -> str:
        if isinstance(value, bool | np.bool_):
            return "yes" if value else "no"
        if isinstance(value, float | np.floating):
            number = float(value)
            if np.isnan(number):
                return ""
            return f"{number:,.0f}" if abs(number) >= 100.0 else f"{number:.3f}"
        return str(value)

    names = [(heads or {}).get(name, name.replace("_", " ")) for name in frame.columns]
    lines = [" | ".join(names), " | ".join("---" for _ in names)]
    lines += [" | ".join(cell(value) for value in row) for row in frame.itertuples(index=False)]
    return "\n".join(f"| {line} |" for line in lines)
