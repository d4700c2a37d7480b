"""The example of a view by Mesa shows a run and steps it."""

from __future__ import annotations

import warnings

import pytest

solara = pytest.importorskip("solara", reason="the packages of the web app are not installed")
pytest.importorskip("matplotlib")

import ipyvuetify  # noqa: E402


@pytest.mark.filterwarnings("ignore")
def test_the_view_shows_months_and_stocks() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from examples import mesa_view

        @solara.component
        def app() -> None:
            with solara.AppLayout():
                mesa_view.Page()

        _, context = solara.render(app(), handle_error=False)
    buttons = [one.widget.children for one in context.find(ipyvuetify.Btn)]
    assert ["Step"] in buttons and ["Reset"] in buttons
    model = mesa_view.Levers(home_threat=2.0)
    for _ in range(40):
        model.step()
    _, stocks = solara.render(mesa_view.Stocks(model), handle_error=False)
    said = str([one.widget for one in stocks.find(ipyvuetify.VuetifyTemplate)])
    text = said + str([getattr(one.widget, "template", "") for one in stocks.find()])
    assert "1993-04" in text and "opinion un" in text
