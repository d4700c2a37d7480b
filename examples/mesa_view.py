"""One run of the readable model in Mesa's own view: ``solara run examples/mesa_view.py``.

Step or play the months; move a lever and reset.  Needs the extra ``app``.
"""

import solara
from mesa.visualization import Slider, SolaraViz, make_plot_component

import peacekeeping as pk
from model.core.records import STOCKS
from model.months import month_text
from model.settings import Settings

STATES = ("JPN", "KOR")


class Levers(pk.PeacekeepingModel):
    """The model with two levers as arguments of their own, which a slider can move."""

    def __init__(self, alliance_pressure: float = 1.0, home_threat: float = 1.0) -> None:
        levers = {"alliance_pressure": alliance_pressure, "home_threat": home_threat}
        super().__init__(Settings(start="1992-09", overrides=levers))


@solara.component
def Stocks(model: pk.PeacekeepingModel) -> None:
    """The stocks of each state at the end of the last month, and where its people are."""
    lines = [
        f"**{month_text(model.month - 1)}**",
        "",
        f"| | {' | '.join(STATES)} |",
        "|---" * 3 + "|",
    ]
    for name in ("people", *STOCKS):
        cells = [f"{getattr(model.states[code], name):.2f}" for code in STATES]
        lines.append(f"| {name.replace('_', ' ')} | {' | '.join(cells)} |")
    for code in STATES:
        there = ", ".join(f"{m} {n}" for m, n in model.states[code].presences.items())
        lines += ["", f"{code}: {there or 'no personnel abroad'}"]
    solara.Markdown("\n".join(lines))


@solara.component
def Page() -> None:
    """A view with a model of its own for each visitor."""
    model = solara.use_memo(Levers, [])
    SolaraViz(
        model,
        components=[make_plot_component(list(STATES)), (Stocks, 0)],
        model_params={
            "alliance_pressure": Slider("Pressure of the ally", 1.0, 0.0, 4.0, 0.25),
            "home_threat": Slider("Threat at home", 1.0, 0.0, 3.0, 0.25),
        },
        name="Peacekeeping contribution policy",
    )
