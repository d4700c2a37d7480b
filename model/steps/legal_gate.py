"""The legal gate of a state for a mission: the law folded at a date, its conditions as judged."""

from __future__ import annotations

from ..core import parameter_index as P
from ..core import rng
from ..core.jit import shared_step, step
from ..rules import law
from .observation import NO_SITE, found_at, seen


@step
def conditions(world, run, month, state, mission, site=NO_SITE):
    """Bits of the legal conditions that a mission, or a site of it, meets at the end of the month
    before.

    Whether a rival is a party to an armed conflict is one reading of a cabinet for a mission; it
    changes with events because its probability does, not because the dice are thrown again.
    """
    now = world.mission_months[seen(world, month, mission), mission]
    row = world.missions[mission]
    p = run.parameters[state]
    recognised = False
    if now.ceasefire < 0.5:
        present = 1.0 if run.people_here[state, mission] > 0 else 0.0
        chance = law.party_chance(
            now.rival, present, p[P.PARTY_ORGANISED], p[P.PARTY_QUASI_STATE], p[P.PARTY_LEAN]
        )
        reading = rng.for_mission(
            world, run, rng.PARTY, kind=0, month=0, state=state, mission=row.root
        )
        recognised = reading < chance
    return law.conditions_met(
        ceasefire=now.ceasefire,
        consent=now.consent,
        recognised=recognised,
        force_level=now.force_level,
        fighting=found_at(world, run, month, state, mission, site),
        un_resolution=now.un_resolution,
        disaster=row.disaster,
        combat_area=p[P.COMBAT_AREA],
        current_combat=p[P.CURRENT_COMBAT],
        un_command=row.un_command,
    )


@step
def read(world, run, month, state, mission, kind, framework, site=NO_SITE):
    """``at``, written into its caller: for what is asked of every presence in every month."""
    row = world.states[state]
    if row.first_provision == row.last_provision:
        return law.lawless()
    met = conditions(world, run, month, state, mission, site)
    first = world.covering[row.regime, kind, framework]
    last = world.covering[row.regime, kind, framework + 1]
    return law.gate(
        provisions=run.provisions,
        rows=world.covering_rows,
        first=first,
        last=last,
        month=month,
        met=met,
        host=world.missions[mission].host if world.missions[mission].host >= 0 else law.NOWHERE,
    )


@shared_step
def at(world, run, month, state, mission, kind, framework, site=NO_SITE):
    """The ``law.LegalFinding`` of a month for a kind in a mission, or at a site of it.

    A state without a documented regime is open to everything.
    """
    return read(world, run, month, state, mission, kind, framework, site)
