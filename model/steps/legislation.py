"""Legislation in a run: what presses for reforms, how far each has come, and the law it leaves.

Only where law is an outcome (``reform = "endogenous"``): then ``World.packages`` has a row for each
reform of ``data/reforms.csv``, and a run has provisions of its own.  Otherwise the table is empty,
and every run reads the world's provisions.
"""

from ..core import parameter_index as P
from ..core import rng
from ..core.jit import shared_step, step
from ..months import NEVER
from ..rules import authorisation, reform
from .voting import houses

# What is drawn: the second name of a draw, where others have a kind.
WINDOW, PANEL_LENGTH, PANEL_LOST, DRAFT_LENGTH, PARTNER, BILL_LENGTH, BILL_LOST = range(7)
VOTE, BARGAIN, SETTLEMENT = range(7, 10)


@step
def start(world, run):
    """Every reform idle, but those that are given with their month; the law that follows."""
    for number in range(world.packages.size):
        own = run.reforms[number]
        own.pressure = 0.0
        own.stage = reform.IDLE
        own.until = 0
        own.government = 0
        own.passed = NEVER
        own.enacted = NEVER
        own.openings = 0
        own.failures = 0
        if world.packages[number].is_given:
            own.stage = reform.ENACTED
            own.passed = 0
            own.enacted = world.packages[number].given
    if world.packages.size > 0:
        fold(world, run)


@shared_step
def fold(world, run):
    """Write the months of every provision of the run: a reform's parts keep their distances, and a
    row that another amends is out while the other is in force."""
    for row in range(run.provisions.size):
        link = world.links[row]
        since = link.since
        until = link.until
        if link.package >= 0:
            own = run.reforms[link.package]
            since = NEVER
            until = NEVER
            if own.enacted < NEVER:
                # What a cabinet decides before the law is not older than the vote on it.
                since = max(own.enacted + link.offset, own.passed)
                if link.lasts < NEVER:
                    until = own.enacted + link.offset + link.lasts
        run.provisions[row].since = since
        run.provisions[row].until = until
    for row in range(run.provisions.size):
        older = world.links[row].amended
        since = run.provisions[row].since
        if older >= 0 and since < run.provisions[row].until:
            run.provisions[older].until = min(run.provisions[older].until, since)


@shared_step
def press(world, run, state, kind, framework, interest, refused):
    """A request to a state, and whether its law refuses it, presses for the reforms it lacks."""
    for number in range(world.packages.size):
        row = world.packages[number]
        own = run.reforms[number]
        if row.state != state or own.stage == reform.ENACTED:
            continue
        covered = (world.package_covers[number, kind] >> framework) & 1 == 1
        if row.route == reform.SPECIAL and not covered:
            continue
        p = run.parameters[state]
        own.pressure += reform.press(
            interest, refused, covered, p[P.REFORM_ELSEWHERE], p[P.REFORM_MAKESHIFT]
        )


@shared_step
def legislate(world, run, month):
    """A month of every reform: windows open, panels report, bills are tabled and voted."""
    passed = False
    for number in range(world.packages.size):
        own = run.reforms[number]
        if own.stage == reform.ENACTED:
            continue
        row = world.packages[number]
        if own.stage == reform.IDLE:
            if is_ready(world, run, month, number):
                consider(world, run, month, number)
        elif month >= own.until:
            if own.stage == reform.PANEL:
                report(world, run, month, number)
            elif own.stage == reform.DRAFT:
                table(world, run, month, number)
            elif vote(world, run, month, number):
                own.stage = reform.ENACTED
                own.passed = month
                own.enacted = month + row.delay
                passed = True
        own.pressure = reform.pressure_next(own.pressure, run.parameters[row.state, P.REFORM_DECAY])
    if passed:
        fold(world, run)


@step
def is_ready(world, run, month, number):
    """Whether a reform can come up: not just failed, and what it builds on is there; a law that
    renews one with an end waits for that end."""
    row = world.packages[number]
    if month < run.reforms[number].until:
        return False
    if row.requires < 0:
        return True
    older = run.reforms[row.requires]
    ends = world.packages[row.requires].lasts
    if older.enacted > month:
        return False
    return ends >= NEVER or month >= older.enacted + ends


@shared_step
def drawn(world, run, month, number, what):
    """A keyed draw of this reform in this month."""
    row = world.packages[number]
    return rng.uniform(
        run.key,
        rng.REFORM,
        kind=what,
        month=month,
        state=world.states[row.state].identity,
        mission=row.identity,
    )


@shared_step
def consider(world, run, month, number):
    """Whether a window opens; a special law then goes straight to the drafters."""
    row = world.packages[number]
    own = run.reforms[number]
    p = run.parameters[row.state]
    home = world.state_months[max(month - 1, 0), row.state]
    base = p[P.REFORM_BASE]
    weight = p[P.REFORM_PRESSURE]
    threat = p[P.REFORM_THREAT]
    if row.route != reform.GENERAL:
        threat = 0.0  # it moves the law of security as a whole, not single acts and amendments
    if row.route == reform.SPECIAL:
        base = p[P.REFORM_SPECIAL_BASE]
        weight = p[P.REFORM_SPECIAL_PRESSURE]
    chance = reform.window_chance(
        base,
        pressure=own.pressure,
        weight_pressure=weight,
        threat=home.threat * p[P.HOME_THREAT],
        weight_threat=threat,
        strength=home.strength,
        weight_strength=p[P.REFORM_STRENGTH],
    )
    if drawn(world, run, month, number, WINDOW) >= chance:
        return
    own.openings += 1
    own.government = world.politics[max(month - 1, 0), row.regime].government
    if row.route == reform.GENERAL and reform.needs_panel(own.pressure, p[P.REFORM_URGENCY]):
        own.stage = reform.PANEL
        length = drawn(world, run, month, number, PANEL_LENGTH)
        own.until = month + reform.months_drawn(p[P.PANEL_LOW], p[P.PANEL_HIGH], length)
    elif row.route == reform.SPECIAL:
        table(world, run, month, number)
    else:
        prepare(world, run, month, number)


@shared_step
def prepare(world, run, month, number):
    """Ministries draft a bill."""
    own = run.reforms[number]
    p = run.parameters[world.packages[number].state]
    own.stage = reform.DRAFT
    length = drawn(world, run, month, number, DRAFT_LENGTH)
    own.until = month + reform.months_drawn(p[P.DRAFT_LOW], p[P.DRAFT_HIGH], length)


@step
def cabinet_changed(world, run, month, number):
    """Whether another cabinet governs than when the work began."""
    regime = world.packages[number].regime
    now = world.politics[max(month - 1, 0), regime].government
    return now != run.reforms[number].government


@step
def report(world, run, month, number):
    """A panel reports; to another cabinet than asked for it, often in vain."""
    p = run.parameters[world.packages[number].state]
    changed = cabinet_changed(world, run, month, number)
    if reform.is_lost(changed, drawn(world, run, month, number, PANEL_LOST), p[P.PANEL_LOST]):
        fail(world, run, month, number)
    else:
        prepare(world, run, month, number)


@shared_step
def table(world, run, month, number):
    """A bill is tabled if the coalition partner agrees."""
    row = world.packages[number]
    own = run.reforms[number]
    p = run.parameters[row.state]
    before = max(month - 1, 0)
    partner = world.politics[before, row.regime].partner
    accepts = world.stances[before, row.regime, row.stance].partner
    if not reform.partner_agrees(partner, accepts, drawn(world, run, month, number, PARTNER)):
        fail(world, run, month, number)
        return
    low, high = p[P.BILL_LOW], p[P.BILL_HIGH]
    if row.route == reform.SPECIAL:
        low, high = p[P.SPECIAL_LOW], p[P.SPECIAL_HIGH]
    own.stage = reform.BILL
    own.until = month + reform.months_drawn(
        low, high, drawn(world, run, month, number, BILL_LENGTH)
    )


@shared_step
def vote(world, run, month, number):
    """The vote on a bill that is due; returns whether it is passed now."""
    row = world.packages[number]
    own = run.reforms[number]
    p = run.parameters[row.state]
    changed = cabinet_changed(world, run, month, number)
    if reform.is_lost(changed, drawn(world, run, month, number, BILL_LOST), p[P.BILL_LOST]):
        fail(world, run, month, number)
        return False
    if row.route == reform.RIVAL and not reform.rivals_settle(
        drawn(world, run, month, number, SETTLEMENT), p[P.RIVALS_SETTLE]
    ):
        own.until = month + int(p[P.SESSION_MONTHS])
        return False
    before = max(month - 1, 0)
    seats = world.politics[before, row.regime]
    stance = world.stances[before, row.regime, row.stance]
    opposition = stance.opposition
    bloc = reform.whipped(stance.government)
    public = run.states[row.state].opinion_un - 0.5
    wavering = drawn(world, run, month, number, VOTE)
    lower, upper = houses(seats, bloc, opposition, public, p[P.VOTE_SWING], wavering)
    if authorisation.diet_carries(lower, upper, seats.override > 0.0, 1.0):
        return True
    if reform.bargain_struck(
        opposition, p[P.REFORM_BARGAIN], drawn(world, run, month, number, BARGAIN)
    ):
        return True
    fail(world, run, month, number)
    return False


@shared_step
def fail(world, run, month, number):
    """An attempt ends without a law; no new one starts at once."""
    own = run.reforms[number]
    own.stage = reform.IDLE
    own.failures += 1
    own.pressure *= 0.5
    own.until = month + int(run.parameters[world.packages[number].state, P.REFORM_PAUSE])


@step
def salience(world, run, month, regime):
    """How much reform debates are in the news: a bill in the house, and a time after its vote."""
    if world.packages.size == 0:
        return world.salience[month, regime]
    level = 0.0
    for number in range(world.packages.size):
        row = world.packages[number]
        own = run.reforms[number]
        if row.regime != regime:
            continue
        if row.is_given:
            if row.debate_from <= month <= row.debate_to:
                level += row.salience
        elif own.stage == reform.BILL or (
            own.stage == reform.ENACTED and month <= own.passed + row.tail
        ):
            level += row.salience
    return level
