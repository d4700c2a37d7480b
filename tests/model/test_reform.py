"""Reform as a process: the law it leaves to a run, and how askers adapt to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from examples.reform_timing import statute_years
from model.engine import ensemble
from model.engine.run_arrays import Trace
from model.months import month_number, month_text
from model.settings import Event, Settings
from model.world import reform_packages
from model.world.build import build
from scenarios.definition import law_table
from scenarios.definition.loader import parse
from scenarios.running import model_adapter, run_options

SHORT: dict[str, Any] = {"end": "2003-12", "afterwards": "recorded"}
TRACE = Trace(states=(), runs=tuple(range(3)))


def ledgers(world, runs: int = 3):
    chunks = ensemble.simulate(world, range(runs), 1, trace=TRACE)
    return [ledger for chunk in chunks for ledger in chunk.ledgers]


@pytest.fixture(scope="module")
def free():
    """A world whose reforms are outcomes."""
    return build(Settings(reform="endogenous", **SHORT))


def test_reforms_on_their_documented_months_are_the_dated_replay(free):
    """The run's own law, put on the documented months, gives the bits of the dated world."""
    packaged = free.arrays.packages.copy()
    months = [month_number(cell) for cell in reform_packages.documented()["in_force"]]
    packaged["is_given"], packaged["given"] = 1, months
    given_months = build(Settings(reform="endogenous", **SHORT))
    given_months = type(given_months)(
        **{**vars(given_months), "arrays": given_months.arrays._replace(packages=packaged)}
    )
    dated = build(Settings(**SHORT))
    ours, theirs = ledgers(given_months), ledgers(dated)
    for column in ("since", "until"):
        a = ours[0].provisions[column]
        assert (a == dated.arrays.provisions[column]).all()
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.deployments.tobytes() == other.deployments.tobytes()
        assert mine.stocks.tobytes() == other.stocks.tobytes()


def test_a_run_may_send_only_what_its_own_law_allows(free):
    """No unit of Japan stands in a UN mission before the month of the run's own Act."""
    (chunk,) = ensemble.simulate(free, range(20), 1)
    table = chunk.reforms().query("reform == 'PKO1992'")
    acts = dict(zip(table["run"], table["in_force"], strict=True))
    assert len(set(acts.values())) > 5
    units = chunk.spells().query("state == 'JPN' and group == 'un' and kind == 'engineer'")
    assert len(units)
    for number, first in zip(units["run"], units["first"], strict=True):
        assert acts[number], "a unit without an Act"
        assert first >= month_number(acts[number])


def test_an_amendment_never_comes_before_the_law_it_amends(free):
    (chunk,) = ensemble.simulate(free, range(40), 1)
    table = chunk.reforms().pivot(index="run", columns="reform", values="in_force")
    for name in ("PKO1998", "PKO2001", "PEACE2015"):
        later = table[table[name] != ""]
        assert (later["PKO1992"] != "").all()
        assert (later[name] >= later["PKO1992"]).all()
    assert ((table["RSS2008"] == "") | (table["RSS2008"] > table["ATS2001"])).all()


def test_another_seed_is_another_history_and_the_same_seed_the_same(free):
    (a,) = ensemble.simulate(free, range(10), 1)
    (b,) = ensemble.simulate(free, range(10), 1, threads=1)
    (c,) = ensemble.simulate(free, range(10), 2)
    assert a.reforms().equals(b.reforms())
    assert not a.reforms()["in_force"].equals(c.reforms()["in_force"])


def test_without_reform_no_package_comes(free):
    world = build(Settings(reform="none", **SHORT))
    laws = world.arrays.provisions
    for number, name in enumerate(world.provisions):
        if name.startswith("JPN-PKO"):
            assert laws[number].since > world.arrays.span[2]
    (chunk,) = ensemble.simulate(world, range(5), 1)
    spells = chunk.spells()
    assert not ((spells["state"] == "JPN") & (spells["framework"] == "un_pko")).any()
    assert world.arrays.salience.sum() == 0.0


def test_what_was_in_force_at_the_start_and_what_a_scenario_moves_is_given():
    world = build(Settings(reform="endogenous", start="2005-01", end="2006-01"))
    names = reform_packages.names()
    is_given = dict(zip(names, world.arrays.packages["is_given"], strict=True))
    assert is_given["PKO1992"] and is_given["IRQ2003"] and not is_given["PEACE2015"]
    moved = parse(
        'title="T"\nquestion="Q"\nreferences=["R"]\nreform="endogenous"\n[[events]]\n'
        'type="move"\nreform="KPKA2010"\nmonth="2000-01"\n',
        "moved.toml",
    )
    atlas = model_adapter.world_of(moved)
    row = names.index("KPKA2010")
    assert atlas.arrays.packages[row].is_given
    assert month_text(int(atlas.arrays.packages[row].given)) == "2000-01"
    (chunk,) = ensemble.simulate(build(model_adapter.settings_of(moved.changed())), [0], 1)
    assert "KPKA2010" not in set(chunk.reforms()["reform"])


def test_askers_leave_a_state_alone_some_time_after_its_law_has_gone():
    """A repealed Act: for two years documented requests go on, then most cease."""
    rows = law_table.table(
        parse(
            'title="T"\nquestion="Q"\nreferences=["R"]\n[[events]]\ntype="repeal"\n'
            'reform="PKO1992"\nmonth="1990-11"\n',
            "t.toml",
        ).events
    )

    def asked(lag: float) -> dict[str, int]:
        settings = Settings(
            events=(Event("law", {"instruments": rows}),),
            overrides={"adaptation_months": lag},
            **SHORT,
        )
        trace = Trace(runs=tuple(range(10)))
        (chunk,) = ensemble.simulate(build(settings), range(10), 1, trace=trace)
        made = chunk.decisions()
        made = made[(made["state"] == "JPN") & (made["reason"] == "documented")]
        return {str(month): int(n) for month, n in made.groupby("month").size().items()}

    late, early = asked(60), asked(0)
    month = "1994-08"  # relief and election requests, two years after the Act that is gone
    assert late[month] > early.get(month, 0)
    assert late == asked(60)


def test_requests_do_not_move_under_the_documented_law():
    """Law untouched, the lag's neighbourhood has no documented law to compare with."""
    world = build(Settings(**SHORT))
    assert world.arrays.documented.size == 0
    assert world.arrays.packages.size == 0


def test_set_reform_is_checked_and_written_down():
    scenario = run_options.resolve("historical", settings={"reform": "endogenous"})
    assert scenario.reform == "endogenous"
    given: run_options.Settings = {"reform": "none", "home_threat": 2.0}
    words = run_options.in_command(run_options.in_manifest({"settings": given}))
    assert words == ["--set", "reform=none", "--set", "home_threat=2"]
    with pytest.raises(ValueError, match="did you mean 'endogenous'"):
        run_options.resolve("historical", settings={"reform": "endogenus"})
    with pytest.raises(ValueError, match="is not a number"):
        run_options.resolve("historical", settings={"home_threat": "high"})


def test_the_debate_follows_the_bill(free):
    """Opinion in a run dips with that run's own debates, not with the documented ones."""
    (a,) = ensemble.simulate(free, range(10), 1)
    dated = build(Settings(**SHORT))
    (b,) = ensemble.simulate(dated, range(10), 1)
    moved = [
        x.stocks[:, 0, 0].tobytes() != y.stocks[:, 0, 0].tobytes()
        for x, y in zip(a.ledgers, b.ledgers, strict=True)
    ]
    assert np.mean(moved) > 0.5


def test_the_years_of_the_statutes_are_told_beside_the_documented_ones():
    table = statute_years(runs=12, seed=3)
    assert set(table["reform"]) == set(reform_packages.names())
    acts = table.set_index("reform")
    assert acts.loc["PKO1992", "documented"] == "1992-08"
    assert ((table["never"] >= 0) & (table["never"] <= 1)).all()
    came = table[table["q90"] != ""]
    assert (came["q10"] <= came["median"]).all() and (came["median"] <= came["q90"]).all()
