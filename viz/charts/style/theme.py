"""Colours, words and the look that every figure shares.

Kept apart so that a state has the same colour, and a kind the same name, wherever it is drawn.
The record is always ink; what is simulated always wears its state's or its kind's colour.
Colours were picked to stay apart under the common colour-vision deficiencies; where there are
more states or kinds than eyes can tell apart, labels carry the identity and colour only helps.
"""

import zlib
from typing import Any

from model import vocabulary
from model.errors import InputError

from ...language.spoken import current

INK = "#1f2933"
QUIET = "#59636e"
GRID = "#e8ebee"
PAPER = "#ffffff"
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
FONTS = {  # of a language: the readers' own first, then what is drawn with on a server
    "ja": "Hiragino Sans, Yu Gothic, Meiryo, Noto Sans JP, Noto Sans CJK JP, sans-serif",
    "ko": "Apple SD Gothic Neo, Malgun Gothic, Noto Sans KR, Noto Sans CJK KR, sans-serif",
}

STATE_COLOURS: dict[str, str] = {
    "JPN": "#b8410b",
    "KOR": "#0b64a0",
    "USA": "#5d4a8c",
    "CHN": "#882255",
    "IND": "#117733",
    "BGD": "#2b7f73",
    "PAK": "#7a7620",
    "NPL": "#a33f8f",
    "ETH": "#8a6d1d",
    "RWA": "#32708a",
}
# States without a colour of their own share these, always in the same way.
SHARED_COLOURS: tuple[str, ...] = (
    "#332288",
    "#44788a",
    "#2b7f73",
    "#3d7a3d",
    "#7a7620",
    "#94702a",
    "#b5495b",
    "#76305c",
    "#93478b",
    "#5f6670",
)

KIND_COLOURS: dict[str, str] = {"all": "#59636e"} | vocabulary.KIND_COLOURS


def state_colour(iso3: str) -> str:
    """Return the one colour of a state as #rrggbb; independent of what else is drawn."""
    shared = SHARED_COLOURS[zlib.crc32(iso3.encode()) % len(SHARED_COLOURS)]
    return STATE_COLOURS.get(iso3, shared)


def kind_colour(kind: str) -> str:
    """Return the one colour of a kind of contribution as #rrggbb.

    Raises InputError for a kind outside the closed table, naming the valid ones.
    """
    if kind not in KIND_COLOURS:
        raise InputError(f"Kind '{kind}' has no colour; known kinds: {', '.join(KIND_COLOURS)}.")
    return KIND_COLOURS[kind]


def tint(colour: str, strength: float) -> str:
    """Return `colour` laid on white at `strength` (0 white .. 1 full), as an opaque #rrggbb."""
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (c - 255) * strength):02x}" for c in channels)


def font() -> str:
    """The type of a figure in the language that is spoken."""
    return FONTS.get(current(), FONT)


def style() -> dict[str, Any]:
    """Return the Vega-Lite configuration of every figure: quiet grid, no frame, plain type."""
    return {
        "background": PAPER,
        "font": font(),
        "padding": 16,
        "view": {"stroke": None},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": INK,
            "fontSize": 19,
            "fontWeight": "bold",
            "lineHeight": 24,
            "subtitleColor": QUIET,
            "subtitleFontSize": 13,
            "subtitleLineHeight": 18,
            "subtitlePadding": 7,
            "offset": 14,
        },
        "axis": {
            "labelColor": QUIET,
            "labelFontSize": 12,
            "titleColor": QUIET,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": GRID,
            "domainColor": "#b8c0c8",
            "tickColor": "#b8c0c8",
            "labelPadding": 5,
        },
        "axisY": {"domain": False, "ticks": False},
        "axisX": {"grid": False},
        "text": {"font": font(), "fontSize": 12, "color": INK},
    }
