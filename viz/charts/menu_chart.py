"""The menu that answered a request, as one picture: what was open in law, what each alternative was
worth and how likely, what was chosen, and what is documented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ..language.spoken import say
from ..text import menu_text, wording
from ..text.labels import documented, kind_name, state_name
from .style.layout import SOURCE, drawn, finish, titled
from .style.theme import INK, QUIET, state_colour, tint

MOST = 9  # alternatives, then nothing at all
ROW = 24  # pixels
LABELS, MARKS = 330, 190  # pixels left and right of the bars


def menu_table(menu: Sequence[Mapping[str, Any]], row: Mapping[Any, Any]) -> pd.DataFrame:
    """Columns what, open, chance, worth (NaN where it was shut) and mark, in the order drawn.

    The likeliest come first, then what was shut; the last row is sending nothing.  ``mark``:
    ``chosen`` for what the run answered.
    """
    shut = [one for one in menu if one["stopped_by"] in menu_text.SHUT]
    free = [one for one in menu if one["stopped_by"] not in menu_text.SHUT]
    shown = [*free[: MOST - min(len(shut), 3)], *shut[:3]]
    nothing = max(0.0, 1.0 - sum(float(one["probability"]) for one in menu))
    sent = int(row["offered"]) if row["outcome"] not in ("deferred", "refused", "substitute") else 0
    rows, chosen = [], False
    for one in shown:
        same = (
            sent == int(one["people"])
            and row["offered_kind"] == one["kind"]
            and (row["offered_site"] or "") == (one["site"] or "")
        )
        mine = same and not chosen and one["stopped_by"] not in menu_text.SHUT
        chosen = chosen or mine
        closed = one["stopped_by"] in menu_text.SHUT
        rows.append(
            {
                "what": menu_text.what(one),
                "open": not closed,
                "chance": 0.0 if closed else float(one["probability"]),
                "worth": float("nan") if closed else float(one["utility"]),
                "mark": "chosen" if mine else "",
                "verdict": menu_text.verdict(one),
            }
        )
    rows.append(
        {
            "what": wording.MENU_NOTHING,
            "open": True,
            "chance": nothing,
            "worth": float("nan"),
            "mark": "" if chosen or sent else "chosen",
            "verdict": f"{100 * nothing:.0f}%",
        }
    )
    table = pd.DataFrame(rows)
    table.insert(0, "place", range(len(table)))
    return table


def menu_chart(
    menu: Sequence[Mapping[str, Any]],
    row: Mapping[Any, Any],
    state: str,
    request: Mapping[str, str] | None,
    *,
    width: int = 880,
) -> alt.VConcatChart:
    """Draw a menu, likeliest first; what was shut has no bar and says by what."""
    table = menu_table(menu, row)
    worth = table["worth"].map(
        lambda value: "" if pd.isna(value) else say(", worth {value:+.2f}", value=value)
    )
    table["told"] = table["verdict"] + worth
    table["told"] += table["mark"].map({"chosen": f" – {wording.MENU_CHOSEN}", "": ""})
    colour = state_colour(state)
    y = alt.Y("place:O", axis=None)
    base = drawn()
    size = width - LABELS - MARKS
    most = max(0.05, float(table["chance"].max()))
    x = alt.X("chance:Q", axis=None, scale=alt.Scale(domain=[0, most], nice=False))
    ink = alt.condition("datum.open", alt.value(INK), alt.value(QUIET))
    layers: list[Any] = [
        base.mark_bar(height=ROW - 9).encode(
            x=x,
            y=y,
            color=alt.condition(
                "datum.mark == 'chosen'", alt.value(colour), alt.value(tint(colour, 0.35))
            ),
            tooltip=[
                alt.Tooltip("what:N", title=titled("what")),
                alt.Tooltip("chance:Q", format=".0%", title=titled("chance")),
                alt.Tooltip("verdict:N", title=titled("verdict")),
            ],
        ),
        base.mark_text(align="right", dx=-8, fontSize=12, limit=LABELS - 10).encode(
            x=alt.value(0), y=y, text="what:N", color=ink
        ),
        base.mark_text(align="left", dx=5, fontSize=12).encode(x=x, y=y, text="told:N", color=ink),
    ]
    plot = alt.layer(*layers, width=size, height=ROW * len(table))
    known = documented(request, noted=False) if request is not None else wording.NOT_DOCUMENTED
    return finish(
        [plot],
        table.drop(columns=["place", "told"]).assign(place=table["place"], told=table["told"]),
        title=wording.MENU_TITLE.format(
            state=state_name(state), month=row["month"], kind=kind_name(row["kind"])
        ),
        subtitle=[wording.MENU_HELP, wording.MENU_RECORD.format(record=known)],
        source=SOURCE,
        width=width,
        indent=LABELS,
    )
