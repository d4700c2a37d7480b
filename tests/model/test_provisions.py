"""No dead letter: every provision moves something that is found of the law, or says that it is
background, and then no scenario may move it."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest

from model import months
from model.errors import InputError
from model.rules import law
from model.vocabulary import CONDITIONS, FRAMEWORKS, KINDS, NUMBERS_READ
from model.world import legal_regimes
from scenarios.definition.loader import parse
from scenarios.explanation.counterfactuals import plain

GATE = plain(law.gate)
TABLE = legal_regimes.instruments()
BACKGROUND = TABLE.loc[TABLE["effect"] == "background", "id"].tolist()
MOVING = TABLE.loc[TABLE["effect"] != "background", "id"].tolist()
# Provisions that another says again, so that striking out one of them leaves what is found.
SAID_TWICE = {
    "JPN-CON9-2",  # the special laws ask for it themselves
    "JPN-CON9-2B",  # and so does the International Peace Support Act
    "JPN-PKO15-P1",  # the first principle of 1992 in other words
    "JPN-OSA-23",  # supplies to partners, as the gift of used equipment
    "JPN-PKO92-DIET",  # frozen, and then as in the amendment that lifts the freeze
    "KOR-PKA-2",  # as the Constitution
    "KOR-PKA-5",
    "KOR-PKA-7",
}
Changes = tuple[tuple[str, str, str], ...]  # provision, column, cell
Matter = tuple[int, int, int, int]  # month, kind, framework, conditions met


@cache
def regime(gone: tuple[str, ...] = (), changes: Changes = (), bare: str = ""):
    """The law with some provisions struck out, some cells changed, and in a ``bare`` state's law
    one permission of everything."""
    frame = TABLE.copy()
    frame.loc[frame["id"].isin(gone), ["in_force", "lapses"]] = ""
    for name, column, cell in changes:
        frame.loc[frame["id"] == name, column] = cell
    if bare:
        leave = {"id": "BARE", "state": bare, "in_force": "1945-01", "effect": "allow"}
        leave |= {"kinds": "all", "frameworks": "all", "authoriser": "none"}
        row = dict.fromkeys(frame.columns, "") | leave
        frame = pd.concat([frame, pd.DataFrame([row])], ignore_index=True)
    return legal_regimes.provisions(frame)


@cache
def matters(name: str) -> tuple[Matter, ...]:
    """Months, kinds, frameworks and conditions met in which a provision may tell."""
    laws, ranges, ids = regime()
    own = laws[ids.index(name)]
    dates = {int(row["since"]) for row in laws} | {int(row["until"]) for row in laws}
    dates = {max(int(own["since"]), 0), *(one for one in dates if own["since"] <= one)}
    told = [one for one in sorted(dates) if one < own["until"]]
    bits = {1 << place for place in range(len(CONDITIONS)) if own["conditions"] >> place & 1}
    met = (law.ALL_CONDITIONS, 0, *(law.ALL_CONDITIONS & ~bit for bit in sorted(bits)))
    covers = plain(law.covers)
    places = product(told, range(len(KINDS)), range(len(FRAMEWORKS)), met)
    return tuple(one for one in places if covers(own, one[1], one[2]))


def found(
    state: str,
    matter: Matter,
    gone: tuple[str, ...] = (),
    changes: Changes = (),
    bare: bool = False,
):
    """What the law finds of a matter, with the deciding provision by name."""
    month, kind, framework, met = matter
    laws, ranges, ids = regime(tuple(sorted(gone)), changes, state if bare else "")
    rows = [n for n in range(*ranges[state]) if plain(law.covers)(laws[n], kind, framework)]
    finding = GATE(laws, np.array(rows, dtype=int), 0, len(rows), month, met)
    return finding._replace(provision=ids[finding.provision] if finding.provision >= 0 else "")


def differs(
    name: str, gone: tuple[str, ...], changes: Changes = (), base=(), bare: bool = False
) -> bool:
    """Whether something beside the name of the deciding provision is found otherwise, once more is
    gone or changed than the ``base`` of both."""
    state = name[:3]
    for matter in matters(name):
        before = found(state, matter, base, bare=bare)
        after = found(state, matter, (*base, *gone), changes, bare=bare)
        unnamed = {"provision": "", "ceiling_row": ""}
        if before._replace(**unnamed) != after._replace(**unnamed):
            return True
    return False


def others(name: str) -> tuple[str, ...]:
    """Every other provision of the same state."""
    return tuple(TABLE.loc[(TABLE["state"] == name[:3]) & (TABLE["id"] != name), "id"])


def moves_alone(name: str) -> bool:
    """Whether a provision tells where all others are struck out, but perhaps one permission."""
    return any(differs(name, (name,), base=others(name), bare=bare) for bare in (False, True))


@pytest.mark.parametrize("name", MOVING)
def test_every_provision_moves_something(name: str) -> None:
    effect = str(TABLE.set_index("id").loc[name, "effect"])
    if effect == "none":  # names the gap in the law
        assert name in [found(name[:3], matter).provision for matter in matters(name)]
    elif name in SAID_TWICE:
        assert not differs(name, (name,)), f"{name} is said once"
        assert moves_alone(name), f"{name} ({effect}) changes nothing even alone"
    else:
        assert differs(name, (name,)), f"{name} ({effect}) changes nothing that is found of the law"


UNREAD = {("exit", "lead_min")}  # told in words: the presence ends by lead_max


@pytest.mark.parametrize("name", MOVING)
def test_every_number_of_a_provision_is_read(name: str) -> None:
    """Another number is found otherwise in some matter, at least where the provision is alone."""
    row = {str(k): str(v) for k, v in TABLE[TABLE["id"] == name].iloc[0].items()}
    for column in NUMBERS_READ.get(row["effect"], ()):
        if not row[column] or (row["effect"], column) in UNREAD:
            continue
        other = {"weapons_ease": 0.01, "weight_norms": 0.01}.get(column, float(row[column]) + 1)
        change = ((name, column, str(other)),)
        assert differs(name, (), change) or any(
            differs(name, (), change, others(name), bare) for bare in (False, True)
        ), f"{name}: nothing reads {column}"


@pytest.mark.parametrize("name", BACKGROUND)
def test_background_moves_nothing(name: str) -> None:
    """Struck out, it leaves the whole law as it was, and it puts nothing else out of force."""
    assert TABLE.set_index("id").loc[name, "amends"] == ""
    assert name not in set(TABLE["amends"])
    assert not differs(name, (name,)) and not moves_alone(name)


def scenario(event: str) -> str:
    return (
        f'title = "T"\nquestion = "Q"\nreferences = ["R"]\n[[events]]\nmonth = "2017-01"\n{event}'
    )


@pytest.mark.parametrize("name", BACKGROUND)
@pytest.mark.parametrize(
    "event",
    [
        'type = "repeal"\ninstruments = ["{name}"]',
        'type = "move"\ninstruments = ["{name}"]',
        'type = "repeal"\ninstruments = ["{name}", "JPN-SDF-3"]',
        'type = "amend"\ninstruments = ["{name}"]\nchange = {{ authoriser = "cabinet" }}',
        'type = "enact"\nstate = "KOR"\nlike = ["{name}"]',
    ],
)
def test_a_scenario_that_moves_background_is_refused(name: str, event: str) -> None:
    with pytest.raises(InputError, match=f"{name} is background") as refused:
        parse(scenario(event.format(name=name)), "s.toml")
    assert "change nothing" in str(refused.value)


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (
            'type = "enact"\nstate = "KOR"\nid = "X"\nprovision = { effect = "background" }',
            "another effect",
        ),
        (
            'type = "enact"\nstate = "KOR"\nid = "X"\n'
            'provision = { effect = "allow", weapons_ease = 0.5 }',
            "'weapons' or 'weapons_limit' only",
        ),
        (
            'type = "amend"\ninstruments = ["KOR-PKA-6"]\nchange = { months_saved = 1 }',
            "'prenegotiate' only",
        ),
    ],
)
def test_what_no_rule_reads_is_refused(event: str, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        parse(scenario(event), "s.toml")


@pytest.mark.parametrize(
    "event",
    [
        'type = "repeal"\ninstruments = ["KOR-PKA-*"]',  # others of the pattern are read
        'type = "repeal"\nreform = "PEACE2015"',
        'type = "amend"\ninstruments = ["JPN-PKO15-5"]\nchange = { effect = "allow" }',
        'type = "amend"\ninstruments = ["KOR-PKA-6"]\nchange = { lead_max = 6, ceiling = 500 }',
        'type = "amend"\ninstruments = ["KOR-PKA-2"]\nchange = { lead_max = 1 }',
        'type = "enact"\nstate = "JPN"\nlike = ["KOR-PKA-6"]',
    ],
)
def test_what_is_read_may_be_moved(event: str) -> None:
    parse(scenario(event), "s.toml")


def fold(state: str, month: str, kind: str, framework: str, met: int = law.ALL_CONDITIONS):
    matter = (months.month_number(month), KINDS.index(kind), FRAMEWORKS.index(framework), met)
    return found(state, matter)


def test_the_use_of_weapons_widened_in_three_steps() -> None:
    for month, ease in (("1992-09", 0.2), ("1998-07", 0.4), ("2002-01", 0.8), ("2016-04", 1.0)):
        assert fold("JPN", month, "engineer", "un_pko").ease == pytest.approx(ease), month
    assert fold("KOR", "2005-01", "engineer", "un_pko").ease == 1.0
    assert plain(law.lawless)().ease == 1.0


def test_rescue_of_others_is_a_task_where_consent_is_stable() -> None:
    assert fold("JPN", "2016-04", "engineer", "un_pko").duty
    unstable = law.ALL_CONDITIONS & ~law.STABLE_CONSENT
    assert not fold("JPN", "2016-04", "engineer", "un_pko", unstable).duty
    assert not fold("JPN", "2016-02", "engineer", "un_pko").duty


def test_terms_surveys_exits_and_standing_forces() -> None:
    korea = fold("KOR", "2012-01", "engineer", "un_pko")
    assert (korea.term, korea.survey, korea.survey_max) == (12, 1.0, 3.0)
    assert (korea.standing_max, korea.standing_lead, korea.standing_lead_max) == (1000, 1.0, 2.0)
    assert fold("KOR", "2005-01", "engineer", "un_pko").standing_max == 0
    assert korea.suspended == law.NO_EXIT
    assert fold("JPN", "2012-01", "engineer", "un_pko").suspended == 2
    assert (korea.lead_min, korea.lead_max) == (1.0, 7.0)
    assert plain(law.lawless)().lead_max == law.NO_LEAD_MAX


def test_goods_needed_a_ceasefire_until_1998() -> None:
    no_ceasefire = law.ALL_CONDITIONS & ~law.AGREEMENT_OR_NO_PARTY
    assert not fold("JPN", "1997-01", "air_transport", "un_relief", no_ceasefire).supply
    assert fold("JPN", "1999-01", "air_transport", "un_relief", no_ceasefire).supply
    assert not fold("JPN", "1999-01", "engineer", "un_pko", no_ceasefire).supply
    assert fold("KOR", "1999-01", "engineer", "un_pko", no_ceasefire).supply  # no rule speaks of it


def test_the_resolution_of_1954_weighed_against_any_dispatch_until_1992() -> None:
    assert fold("JPN", "1991-04", "naval", "mine_clearance").norms == -1.0
    assert fold("JPN", "1993-01", "engineer", "un_pko").norms == 0.0
    assert fold("JPN", "2008-01", "engineer", "un_pko").norms > 0.0
