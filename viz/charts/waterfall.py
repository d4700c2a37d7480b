"""The utility of one answer as a waterfall: each named term, their sum, and what was needed."""

from collections.abc import Mapping

import altair as alt
import pandas as pd

from ..language.spoken import say
from .style.layout import drawn, finish, text_width, titled
from .style.theme import INK, QUIET

ROW = 21  # pixels for each term
WIDTH = 760  # pixels of the plot
CLEAR = 0.005  # terms of less are left out
FOR, AGAINST, TOTAL = "#0b64a0", "#b8410b", "#59636e"  # apart under colour-vision deficiencies
SOURCE = "Source: trace of one simulation run; meanings and weights in model/data/parameters.csv."


def utility_waterfall(
    parts: Mapping[str, float],
    meanings: Mapping[str, str],
    needed: float,
    *,
    title: str,
    subtitle: str = "",
    labels: Mapping[str, str] | None = None,
) -> alt.VConcatChart:
    """Draw the terms of one utility, the heaviest first, and the line from which it is a yes.

    `parts`: weight times term, in units of utility; `meanings`: term -> what it is; `needed`: the
    utility from which this draw accepts; `labels`: term -> the label next to its bar, where that
    is not its name.
    """
    shown = sorted(
        ((name, value) for name, value in parts.items() if abs(value) >= CLEAR),
        key=lambda pair: -abs(pair[1]),
    )
    rows, level = [], 0.0
    for name, value in shown:
        rows.append(
            {
                "term": (labels or {}).get(name, name.replace("_", " ")),
                "value": value,
                "begin": level,
                "end": level + value,
                "text": f"{value:+.2f}",
                "meaning": say(meanings[name]) if meanings.get(name) else "",
                "what": "for" if value > 0 else "against",
            }
        )
        level += value
    total = sum(parts.values())
    rows.append(
        {
            "term": say("utility"),
            "value": total,
            "begin": 0.0,
            "end": total,
            "text": f"{total:+.2f}",
            "meaning": say("the sum of all terms"),
            "what": "sum",
        }
    )
    table = pd.DataFrame(rows).assign(needed=needed)
    low = min(0.0, needed, table[["begin", "end"]].min().min())
    high = max(0.0, needed, table[["begin", "end"]].max().max())
    room = 0.09 * (high - low)
    margin = int(max(text_width(str(term)) for term in table["term"])) + 12
    scale = alt.Scale(domain=[low - room, high + room], nice=False)
    x = alt.X(
        "begin:Q",
        title=say("utility (log odds of accepting)"),
        scale=scale,
        axis=alt.Axis(tickCount=8, format="+.1f"),
    )
    y = alt.Y(
        "term:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelColor=INK, minExtent=margin, labelLimit=margin, domain=False),
    )
    base = drawn()
    told = [
        alt.Tooltip("term:N", title=titled("term")),
        alt.Tooltip("text:N", title=say("adds")),
        alt.Tooltip("meaning:N", title=titled("meaning")),
    ]
    bars = base.mark_bar(height=13).encode(
        x=x,
        x2="end:Q",
        y=y,
        tooltip=told,
        color=alt.Color(
            "what:N",
            scale=alt.Scale(domain=["for", "against", "sum"], range=[FOR, AGAINST, TOTAL]),
            legend=None,
        ),
    )
    words = (
        base.transform_calculate(edge="max(datum.begin, datum.end)")
        .mark_text(align="left", dx=5, fontSize=11.5, color=INK)
        .encode(x=alt.X("edge:Q", scale=scale), y=y, text="text:N")
    )
    once = base.transform_filter(alt.datum.what == "sum")
    line = once.mark_rule(color=INK, strokeWidth=1.6, strokeDash=[5, 3]).encode(
        x=alt.X("needed:Q", scale=scale)
    )
    label = once.mark_text(
        align="left" if needed < (low + high) / 2 else "right",
        dx=6 if needed < (low + high) / 2 else -6,
        baseline="bottom",
        fontSize=12,
        color=QUIET,
    ).encode(
        x=alt.X("needed:Q", scale=scale),
        y=alt.value(-4),
        text=alt.value(say("yes from {needed:+.2f} on", needed=needed)),
    )
    chart = alt.layer(bars, words, line, label).properties(width=WIDTH, height=ROW * len(rows))
    return finish(
        [chart],
        table,
        title=title,
        subtitle=[subtitle] if subtitle else [],
        source=SOURCE,
        width=WIDTH + margin,
        indent=margin,
    )
