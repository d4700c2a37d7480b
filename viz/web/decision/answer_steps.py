"""The four steps of an answer as boxes: law, capacity, choice and authorisation."""

from collections.abc import Mapping
from html import escape
from typing import Any

from model.months import month_number
from model.vocabulary import FORMED, KINDS, OPEN_GATES
from scenarios.explanation import decision_row
from scenarios.explanation.decisions import Answers

from ...language.spoken import say
from ...text import menu_text, wording
from ...text.labels import (
    GATES,
    authoriser,
    kind_name,
    mission_name,
    personnel_of,
    provision_title,
)
from ...text.provision_text import condition, says


def steps(found: Answers, row: Mapping[Any, Any]) -> str:
    """Law, capacity, choice and authorisation as four boxes, the one that stopped it marked."""
    if row["stopped_by"] == "too_small":
        return ""
    boxes = [
        box("law", wording.STEPS["law"], row, law(found, row)),
        box("capacity", wording.STEPS["capacity"], row, capacity(found, row)),
        box("choice", wording.STEPS["choice"], row, choice(found, row)),
        box("vote", wording.STEPS["vote"], row, vote(found, row)),
    ]
    return f'<div class="pk-steps">{"".join(boxes)}</div>'


def box(key: str, name: str, row: Mapping[Any, Any], inner: str) -> str:
    stopped = row["stopped_by"] == key
    mark = f'<span class="pk-stop">{escape(wording.STOPPED_HERE)}</span>' if stopped else ""
    kind = "pk-step stopped" if stopped else "pk-step"
    return f'<section class="{kind}"><h3>{escape(name)}{mark}</h3>{inner}</section>'


def bar(filled: float, mark: float, lacking: bool = False) -> str:
    """A bar filled to a share, with a mark at another."""
    kind = "pk-stockbar lacking" if lacking else "pk-stockbar"
    width, left = f"width:{100 * filled:.1f}%", f"left:{100 * mark:.1f}%"
    return f'<div class="{kind}"><i style="{width}"></i><u style="{left}"></u></div>'


def law(found: Answers, row: Mapping[Any, Any]) -> str:
    """The gate: answer, provision, its dates, its text in our words and its citation."""
    gate, key = GATES[row["gate"]], str(row["provision"])
    if not key:
        return f"<p><b>{escape(gate)}</b>: {escape(wording.NO_INSTRUMENT)}</p>"
    known = found.provisions.get(key, {})
    since, until = found.in_force(key)
    dates = say(
        "In force from {since} to before {until}." if until else "In force from {since}.",
        since=since,
        until=until,
    )
    source = wording.SOURCE_OF.format(source=known["source"]) if known.get("source") else ""
    title = provision_title(key, known.get("title", key))
    unmet = decision_row.unmet(found.atlas, row) if row["gate"] == "shut" else []
    lacking = say("Not met: {conditions}.", conditions=say(", ").join(map(condition, unmet)))
    parts = (
        lacking if unmet else "",
        says(known, found.state, crisis=row["mode"] != "routine"),
        source,
    )
    note = " ".join(escape(part) for part in parts if part)
    return (
        f"<p><b>{escape(gate)}</b>: {escape(title)} "
        f"<code>{escape(key)}</code></p><p>{escape(dates)}</p><p class='pk-small'>{note}</p>"
    )


def capacity(found: Answers, row: Mapping[Any, Any]) -> str:
    """The load of the service, and the people that there are, as bars."""
    needs = decision_row.needs(row)
    if not needs:
        return f"<p>{escape(wording.NO_CAPACITY)}</p>"
    parts = []
    unit = row["kind"] in FORMED
    if unit:
        used, comfort = decision_row.in_use(row)
        after = used + decision_row.load_added(found.atlas, found.parameters, row)
        most = max(after, comfort)
        said = wording.LOAD_OF.format(used=used, after=after, comfort=comfort)
        parts.append(
            f'<p class="pk-stock"><b>{escape(wording.LOAD)}</b></p>'
            f"{bar(after / most, comfort / most, after > comfort)}<p>{escape(said)}</p>"
        )
    for name, (free, needed) in needs.items():
        most = max(free, needed, 1e-9)
        parts.append(
            f'<p class="pk-stock"><b>{escape(say(name).capitalize())}</b></p>'
            f"{bar(max(free, 0) / most, needed / most, free < needed)}"
            f"<p>{escape(wording.FREE.format(free=number(free), needed=number(needed)))}</p>"
        )
    told = f'<p class="pk-small">{escape(abroad(found, row))}</p>' if unit else ""
    return "".join(parts) + told


def choice(found: Answers, row: Mapping[Any, Any]) -> str:
    """The chance of a yes and the draw, and the menu."""
    probability, draw = float(row["probability"]), float(row["draw"])
    renewal, accepts = row["reason"] == "renewal", draw < probability
    said = wording.YES if accepts else wording.NO
    if renewal:
        said = wording.STAYS if accepts else wording.LEAVES
    if row["stopped_by"] in wording.BEFORE:
        said = wording.BEFORE[row["stopped_by"]].format(answer=said)
    of = wording.PROBABILITY_STAYS if renewal else wording.PROBABILITY
    told = of.format(kind=personnel_of(row["kind"]), probability=probability, draw=draw)
    return (
        f"<p><b>{escape(said[:1].upper() + said[1:])}</b></p>{bar(probability, draw)}"
        f"<p>{escape(told)}</p>"
        f"{alternatives(found.menu(row))}"
    )


def alternatives(menu: list[dict[str, Any]]) -> str:
    """The menu as a list of bars: what was open and how likely, what was shut and by what."""
    if not menu:
        return ""
    parts = [f'<p class="pk-stock"><b>{escape(wording.MENU)}</b></p>']
    for line in menu_text.lines(menu):
        parts.append(f'<p class="pk-small">{escape(line)}</p>')
    return "".join(parts)


def vote(found: Answers, row: Mapping[Any, Any]) -> str:
    """Who must agree, and the seats."""
    if row["gate"] not in OPEN_GATES:
        return f"<p>{escape(wording.NOT_REACHED)}</p>"
    who = authoriser(str(row["authoriser"]), found.state)
    text = f"<p><b>{escape(who[:1].upper() + who[1:])}</b></p>"
    houses, present, partner = decision_row.seats(row)
    if not houses:
        refuses = row["stopped_by"] == "vote"
        return text + f"<p>{escape(wording.PARTNER_REFUSES if refuses else wording.NO_VOTE)}</p>"
    if row["stopped_by"] not in ("nothing", "vote"):
        return text + f"<p>{escape(wording.NO_VOTE_REACHED)}</p>"
    for house, share in houses.items():
        chamber = say(house)
        seats = wording.SEATS.format(share=100 * share, needed=50 * present)
        text += (
            f'<p class="pk-stock">{escape(chamber[:1].upper() + chamber[1:])}</p>'
            f"{bar(share, 0.5 * present, share <= 0.5 * present)}"
            f"<p>{escape(seats)}</p>"
        )
    return text + (f"<p>{escape(wording.PARTNER_REFUSES)}</p>" if partner < 0.5 else "")


def abroad(found: Answers, row: Mapping[Any, Any]) -> str:
    """Where the state's units are in that month of the run: what its slots are taken by."""
    own = [one for chunk in found.chunks for one in chunk.ledgers if one.run == found.run]
    month = month_number(row["month"])
    held: dict[str, int] = {}
    for unit in own[0].deployments if own else ():
        if found.atlas.states[unit["state"]] != found.state:
            continue
        kind = KINDS[unit["kind"]]
        if not found.atlas.arrays.kinds[unit["kind"]]["formed"]:
            continue
        if unit["arrives"] < month and (unit["leaves"] <= 0 or unit["leaves"] >= month):
            place = say(
                "{mission} ({kind})",
                mission=mission_name(found.atlas.missions[unit["mission"]]),
                kind=kind_name(kind),
            )
            held[place] = held.get(place, 0) + int(unit["people"])
    parts = [
        say("{people:,} in {place}", people=people, place=place)
        for place, people in held.items()
        if people > 0
    ]
    return wording.ABROAD.format(places=say("; ").join(parts)) if parts else wording.NOBODY_ABROAD


def number(value: float) -> str:
    return f"{value:,.0f}"
