"""How far inland a place lies, and which contributions that weighs on."""

from __future__ import annotations

import numpy as np
import pytest

from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.settings import Event, Settings
from model.tables import table
from model.vocabulary import FORMED, SERVICE_OF
from model.world.build import Atlas, build
from model.world.seaports import seaports

LAND = [kind for kind in FORMED if SERVICE_OF[kind] in ("ground", "medical")]


@pytest.fixture(scope="module")
def world() -> Atlas:
    return build(Settings())


def test_every_seaport_lies_at_the_sea_of_its_country() -> None:
    frame = table("seaports")
    assert len(seaports()) == len(frame) > 100
    assert not frame["port"].duplicated().any()
    assert set(frame["country"]) <= set(table("states")["iso3"])


def test_places_at_the_sea_and_far_from_it(world: Atlas) -> None:
    inland = dict(zip(world.missions, world.arrays.missions["inland"], strict=True))
    assert inland["MINUSTAH"] < 0.05 and inland["UNTAET"] < 0.05
    assert 1.1 < inland["UNMISS"] < 1.6 and 1.1 < inland["UNAMID"] < 1.6
    sites = table("sites")
    lands = sites[sites["setting"] == "land"]["id"]
    assert {"JUB", "SAM", "NYA"} <= set(lands)
    assert world.arrays.sites["inland"].max() < 2.5


def test_a_place_of_unknown_position_lies_as_far_inland_as_its_mission() -> None:
    own = {"id": "XYZ", "setting": "land"}
    values = {"month": "2012-01", "mission": "UNMISS", "state": "JPN", "kind": "engineer"}
    request = Event("request", {**values, "personnel": 300, "site": own})
    world = build(Settings(events=(request,)))
    rows = world.arrays.sites
    unknown = rows[(rows["latitude"] == 0.0) & (rows["longitude"] == 0.0)]
    assert len(unknown) == 1
    there = world.arrays.missions[world.mission_row("UNMISS")]["inland"]
    assert unknown[0]["inland"] == there > 1.0


def test_only_units_on_land_are_supplied_over_land(world: Atlas) -> None:
    """Officers, ships and aircraft are not; units on land are, but at a base by the sea."""
    chunk = next(ensemble.simulate(world, [0], 1, threads=1, trace=Trace(runs=(0,))))
    menus, column = chunk.menus(), "term_access"
    others = menus[~menus["kind"].isin(LAND)]
    assert len(others) > 0 and (others[column] == 0.0).all()
    units = menus[menus["kind"].isin(LAND)]
    assert (units[column] <= 0.0).all() and (units[column] < -0.5).any()


def test_a_folder_without_seaports_has_no_place_inland(monkeypatch: pytest.MonkeyPatch) -> None:
    from model.world import seaports as module

    rows = np.zeros(2, dtype=[("latitude", float), ("longitude", float), ("inland", float)])
    rows["latitude"] = 10.0
    monkeypatch.setattr(module, "has", lambda name: False)
    module.write_inland(rows.view(np.recarray))
    assert (rows["inland"] == 0.0).all()
