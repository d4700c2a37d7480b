"""Why: one answer in full (law, capacity, choice, vote), and what would have turned it.

A run is picked by what was answered in it, so that a documented answer can be explained even where
most runs answer otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import solara

from model.kinds import KINDS
from model.months import month_number
from model.terms import MEANING
from scenarios import names, rows
from scenarios.answers import NOBODY_ASKED, OUTCOMES, REQUEST_COLUMNS, Answers, find
from scenarios.why import Turn, utility_needed

from ..explanation import (
    AUTHORISERS,
    GATES,
    MODES,
    REASONS,
    STOPS,
    answered,
    documented,
)
from ..palette import kind_name, state_name
from ..waterfall import utility_waterfall
from . import words
from .background import use_background
from .common import Drawn, Note, Progress, Skeleton
from .components import AnswerList, Outcomes, Question
from .figure import figure
from .view import View

Change = Callable[..., None]
RUNS = 200  # over which outcomes are counted, at most
FIRST = ("JPN", "UNMIS", "REQ-JPN-044:cheaper")  # what is shown before anything is asked
LADDER = {  # outcome -> words, colour, ink on it
    "accepted": ("sent what was asked", "#0b4f80", "#ffffff"),
    "smaller": ("sent a smaller unit", "#4f8fc0", "#000000"),
    "cheaper": ("sent a few officers instead", "#9cc5e3", "#000000"),
    "substitute": ("money, equipment or instructors instead", "#e6c27a", "#000000"),
    "deferred": ("put it off", "#c9cfd5", "#000000"),
    "refused": ("refused", "#a3420f", "#ffffff"),
}
SELDOM = 0.05
TURNS_SHOWN = 6


@solara.component
def Why(view: View, change: Change) -> None:
    """The second tab."""
    scenario = view.resolved()
    deciding = ("JPN", "KOR") if scenario.deliberating == "all" else tuple(scenario.deliberating)
    state, mission, answer = asked(view, deciding)
    runs = min(view.runs, RUNS)

    def work(stop: Any, report: Any) -> Answers:
        return find(scenario, state, mission, runs=runs, seed=view.seed)

    key = (scenario.model_dump_json(), state, mission, runs, view.seed)
    job, stop = use_background(work, key)

    def changed(what: Mapping[str, str]) -> None:
        if "state" in what:
            change(state=what["state"], mission=first_mission(what["state"]), answer="")
        else:
            change(state=state, mission=what["mission"], answer="")

    def example(place: str) -> None:
        code, label, wanted, _ = words.EXAMPLES[int(place)]
        change(state=code, mission=label, answer=wanted)

    with solara.Div(classes=["pk-card", "pk-flat"]):
        Question(
            w=words.WHY,
            examples=[
                {"key": str(number), "name": one[3]}
                for number, one in enumerate(words.EXAMPLES)
                if one[0] in deciding
            ],
            states=[{"key": code, "name": state_name(code)} for code in deciding],
            state=state,
            missions=mission_groups(state),
            mission=mission,
            event_changed=changed,
            event_example=example,
        )
    Progress(job, stop)
    if job.value is None or job.key != key:
        if not job.fault:
            Skeleton()
        return
    Told(job.value, answer, change)


def asked(view: View, deciding: tuple[str, ...]) -> tuple[str, str, str]:
    """State, mission and answer that are asked about; without a mission the first example."""
    if view.mission:
        state = view.state if view.state in deciding else deciding[0]
        return state, view.mission, view.answer
    if FIRST[0] in deciding:
        return FIRST
    return deciding[0], first_mission(deciding[0]), ""


def first_mission(state: str) -> str:
    """The first mission that a state is documented to have been asked about."""
    known = [row["mission"] for row in requests() if row["state"] == state]
    return known[0] if known else names.missions()[0]


def requests() -> list[dict[str, str]]:
    """Every documented request."""
    return rows.read(names.DATA / "requests.csv", REQUEST_COLUMNS)


def mission_groups(state: str) -> list[dict[str, Any]]:
    """Missions to choose from: those with documented requests first, with the years."""
    years: dict[str, list[str]] = {}
    for row in requests():
        if row["state"] == state:
            years.setdefault(row["mission"], []).append(row["month"][:4])
    known = [
        {"key": key, "name": f"{key} (asked {', '.join(dict.fromkeys(when))})"}
        for key, when in years.items()
    ]
    others = [{"key": key, "name": key} for key in names.missions() if key not in years]
    return [{"name": words.ASKED, "rows": known}, {"name": words.NOT_ASKED, "rows": others}]


@solara.component
def Told(found: Answers, answer: str, change: Change) -> None:
    """Outcomes over the runs, then one answer in full."""
    shares = solara.use_memo(lambda: outcome_rows(found), [id(found)])
    run, number = chosen(found, answer)
    told = solara.use_memo(lambda: found.in_run(run), [id(found), run])

    def pick(what: Mapping[str, str]) -> None:
        wanted = f"{what['request']}:{what['outcome']}"
        change(state=found.state, mission=found.mission, answer=wanted)

    with solara.Div(classes=["pk-card"]):
        heading(2, words.OUTCOMES.format(
            state=state_name(found.state), mission=found.mission, runs=found.runs
        ))
        if shares:
            Note(words.OUTCOMES_HELP)
            key = answer.partition(":")[0]
            Outcomes(
                w=words.WHY,
                legend=[
                    {"key": key, "name": word, "colour": colour}
                    for key, (word, colour, _) in LADDER.items()
                ],
                rows=shares,
                chosen=key,
                event_picked=pick,
            )
        else:
            Note(words.NEVER_ASKED.format(state=state_name(found.state), mission=found.mission))
    if number is None:
        if shares:
            Note(words.NOT_IN_RUN.format(run=run))
        return
    AnswerCard(told, number, lambda n: change(
        state=found.state, mission=found.mission, answer=f"{run}:{n}"
    ))


def chosen(found: Answers, answer: str) -> tuple[int, int | None]:
    """Run and number of the answer that a view names; the first of a run that fits.

    ``REQUEST:OUTCOME`` (or ``KIND:OUTCOME`` for rounds) names the first run whose first answer to
    it was that; ``RUN:NUMBER`` an answer of a run.
    """
    table = found.everything
    if len(table) == 0:
        return 0, None
    first, _, second = answer.partition(":")
    if first.isdecimal() and second.isdecimal():
        run = int(first) if int(first) < found.runs else 0
        own = found.in_run(run).decisions
        if int(second) < len(own):
            return run, int(second)
        return run, telling(own)
    if first and second in OUTCOMES:
        given = table[table["reason"] != "renewal"]
        column = "request" if first in set(given["request"]) else "kind"
        given = given[given[column] == first]
        if column == "kind":
            given = given[given["request"] == ""]
        one = given.groupby("run", sort=True).head(1)
        one = one[one["outcome"] == second]
        if len(one):
            run = int(one["run"].iloc[0])
            own = found.in_run(run).decisions
            month = one["month"].iloc[0]
            fits = own[(own["month"] == month) & (own[column] == first)]
            return run, int(fits.index[0])
    own = found.in_run(0).decisions
    return 0, telling(own)


def telling(own: Any) -> int | None:
    """The answer worth showing first: to a request rather than a renewal."""
    if not len(own):
        return None
    asked_for = own[own["reason"] != "renewal"]
    return int(asked_for.index[0]) if len(asked_for) else 0


def outcome_rows(found: Answers) -> list[dict[str, Any]]:
    """What became of each request over the runs, as the page shows it."""
    table = found.outcomes
    first = table[table["answer"] == "first"]
    shown = []
    for row in first.to_dict("records"):
        if not row["request"] and row["reached"] < SELDOM:
            continue
        request = found.requests.get(row["request"])
        people = f"{int(request['personnel']):,} " if request and request["personnel"] else ""
        what = f"{people}{kind_name(row['kind'])}"
        who = words.ASKED_FOR if request else words.ROUND_FOR
        title = f"{request['month'] if request else row['month']}: {who} {what}"
        shares = [
            {
                "key": outcome,
                "percent": 100 * row[outcome],
                "colour": LADDER[outcome][1],
                "ink": LADDER[outcome][2],
                "tip": words.SHARE_TIP.format(percent=100 * row[outcome], what=LADDER[outcome][0]),
            }
            for outcome in OUTCOMES
            if row[outcome] > 0
        ]
        told = request is not None and request["documented_answer"] != NOBODY_ASKED
        shown.append(
            {
                "key": row["request"] or row["kind"],
                "title": title,
                "reached": "" if row["reached"] > 0.995
                else words.REACHED.format(percent=100 * row["reached"]),
                "shares": shares,
                "documented": documented(request) if request is not None and told else "",
            }
        )
    return shown


@solara.component
def AnswerCard(found: Answers, number: int, pick: Callable[[int], None]) -> None:
    """One answer of the told run, step by step."""
    row = found.decisions.iloc[number].to_dict()
    turns = solara.use_memo(lambda: found.turns(number), [id(found), number])
    with solara.Div(classes=["pk-card"]):
        heading(2, words.ONE_RUN.format(run=found.run, seed=found.seed))
        AnswerList(
            label=words.ANSWERS_OF.format(run=found.run),
            rows=[short(found, n) for n in range(len(found.decisions))],
            chosen=number,
            event_picked=pick,
        )
        html(verdict(found, row))
        html(steps(found, row))
        html(turned(found, row, turns))
    if row["stopped_by"] != "no_need":
        Waterfall(found, row, number)


@solara.component
def Waterfall(found: Answers, row: Mapping[Any, Any], number: int) -> None:
    """The terms of the utility."""

    def draw() -> Any:
        parts = found.contributions(row)
        chance = found.chance_of_the_month(row)
        needed = utility_needed(float(row["draw"]))
        said = "yes" if float(row["utility"]) > needed else "no"
        return figure(lambda: utility_waterfall(
            {**parts, "this month": chance},
            {**MEANING, "this month": words.THIS_MONTH},
            needed,
            title=words.CHOICE_TITLE.format(
                state=state_name(found.state), month=row["month"], answer=said
            ),
            subtitle=words.CHOICE_HELP.format(
                probability=row["probability"], draw=row["draw"], kind=kind_name(row["kind"])
            ),
        ))

    Drawn(
        solara.use_memo(draw, [id(found), number]),
        f"why-{found.state}-{found.mission.replace('/', '-').replace(' ', '-')}-{row['month']}",
    )


def short(found: Answers, number: int) -> dict[str, Any]:
    """One answer as a button."""
    row = found.decisions.iloc[number]
    renewal = row["reason"] == "renewal"
    good = row["stopped_by"] == "nothing"
    stays = "stays" if row["outcome"] == "accepted" else "leaves"
    what = f"{int(row['asked']):,} {kind_name(row['kind'])}"
    return {
        "number": number,
        "month": row["month"],
        "what": ("renewal, " if renewal else "") + what,
        "verdict": stays if renewal else words.OUTCOME[row["outcome"]],
        "good": bool(good),
    }


def verdict(found: Answers, row: Mapping[Any, Any]) -> str:
    """The answer in one sentence, the documented one beneath."""
    name, kind = state_name(found.state), kind_name(row["kind"])
    asked_for = f"{int(row['asked']):,} {kind}"
    stopped = STOPS.get(row["stopped_by"])
    request = found.requests.get(str(row["request"]))
    who = (request or {}).get("asker") or REASONS[row["reason"]]
    if row["reason"] == "renewal":
        result = "stays" if row["outcome"] == "accepted" else "leaves"
        text = f"{name} {result}: {asked_for}, renewal of {row['month']}"
    elif row["stopped_by"] == "no_need":
        text = f"Asked for {asked_for}, {name} had nothing left to offer"
    else:
        text = f"Asked for {asked_for} ({who}, {MODES[row['mode']]}), {name} {given(row)}"
    if stopped and row["stopped_by"] != "no_need":
        text += f" — stopped by {stopped}"
    told = ""
    if request is not None and request["documented_answer"] != NOBODY_ASKED:
        told = (
            f'<p class="pk-documented"><b>{escape(words.WHY["documented"])}</b> '
            f"{escape(answered(request))}. {escape(note_of(request))}</p>"
        )
    return f'<p class="pk-verdict">{escape(text)}.</p>{told}'


def note_of(request: Mapping[str, str]) -> str:
    """The note of a request, without the pace that it may open with, and its source."""
    note = request.get("note", "").removeprefix(request.get("mode", "") + ": ")
    source = f"Source: {request['source']}." if request.get("source") else ""
    return f"{note[:1].upper()}{note[1:]}. {source}" if note else source


def given(row: Mapping[Any, Any]) -> str:
    """What was answered, as the end of a sentence."""
    if row["offered"] > 0:
        what = f"{int(row['offered']):,} {kind_name(row['offered_kind'])}"
        own = " in an operation of its own" if row["substitute"] == "own_operation" else ""
        lead = int(row["lead_months"])
        after = "1 month" if lead == 1 else f"{lead} months"
        return f"sent {what}{own}, in the field after {after}"
    if row["outcome"] == "substitute":
        return f"gave {str(row['substitute']).replace('_', ' ')} instead"
    return {"deferred": "put the answer off", "refused": "refused"}.get(
        str(row["outcome"]), str(row["outcome"])
    )


def steps(found: Answers, row: Mapping[Any, Any]) -> str:
    """Law, capacity, choice and authorisation as four boxes, the one that stopped it marked."""
    if row["stopped_by"] == "no_need":
        return ""
    boxes = [
        box("law", words.STEPS["law"], row, law(found, row)),
        box("capacity", words.STEPS["capacity"], row, capacity(found, row)),
        box("choice", words.STEPS["choice"], row, choice(row)),
        box("vote", words.STEPS["vote"], row, vote(found, row)),
    ]
    return f'<div class="pk-steps">{"".join(boxes)}</div>'


def box(key: str, name: str, row: Mapping[Any, Any], inner: str) -> str:
    stopped = row["stopped_by"] == key
    mark = f'<span class="pk-stop">{escape(words.STOPPED_HERE)}</span>' if stopped else ""
    kind = "pk-step stopped" if stopped else "pk-step"
    return f'<section class="{kind}"><h3>{escape(name)}{mark}</h3>{inner}</section>'


def law(found: Answers, row: Mapping[Any, Any]) -> str:
    """The gate: answer, provision, its dates, its text in our words and its citation."""
    gate, key = GATES[row["gate"]], str(row["provision"])
    if not key:
        return f"<p><b>{escape(gate)}</b>: {escape(words.NO_INSTRUMENT)}</p>"
    known = found.provisions.get(key, {})
    since, until = found.in_force(key)
    dates = f"In force from {since}" + (f" to before {until}" if until else "") + "."
    source = f"Source: {known['source']}." if known.get("source") else ""
    parts = (known.get("note", ""), source)
    note = " ".join(escape(part) for part in parts if part)
    return (
        f"<p><b>{escape(gate)}</b>: {escape(known.get('title', key))} "
        f"<code>{escape(key)}</code></p><p>{escape(dates)}</p><p class='pk-small'>{note}</p>"
    )


def capacity(found: Answers, row: Mapping[Any, Any]) -> str:
    """What is free beside what is needed, as bars."""
    needs = found.needs(row)
    if not needs:
        return f"<p>{escape(words.NO_CAPACITY)}</p>"
    parts = []
    for name, (free, needed) in needs.items():
        most = max(free, needed, 1e-9)
        lacking = " lacking" if free < needed else ""
        parts.append(
            f'<p class="pk-stock"><b>{escape(name.capitalize())}</b></p>'
            f'<div class="pk-stockbar{lacking}"><i style="width:{100 * max(free, 0) / most:.1f}%">'
            f'</i><u style="left:{100 * needed / most:.1f}%"></u></div>'
            f"<p>{number(free)} free, {number(needed)} needed</p>"
        )
    told = f'<p class="pk-small">{escape(abroad(found, row))}</p>' if "slots" in needs else ""
    return "".join(parts) + told


def choice(row: Mapping[Any, Any]) -> str:
    """Probability and draw."""
    probability, draw = float(row["probability"]), float(row["draw"])
    said = words.YES if draw < probability else words.NO
    return (
        f"<p><b>{escape(said)}</b></p>"
        f'<div class="pk-stockbar"><i style="width:{100 * probability:.1f}%"></i>'
        f'<u style="left:{100 * draw:.1f}%"></u></div>'
        f"<p>{escape(words.PROBABILITY.format(probability=probability, draw=draw))}</p>"
    )


def vote(found: Answers, row: Mapping[Any, Any]) -> str:
    """Who must agree, and the seats."""
    if row["gate"] not in ("open", "open_after_lead"):
        return f"<p>{escape(words.NOT_REACHED)}</p>"
    who = AUTHORISERS.get(row["authoriser"], str(row["authoriser"]))
    text = f"<p><b>{escape(who[:1].upper() + who[1:])}</b></p>"
    houses, present, partner = found.seats(row)
    if not houses:
        refuses = row["stopped_by"] == "vote"
        return text + f"<p>{escape(words.PARTNER_REFUSES if refuses else words.NO_VOTE)}</p>"
    if row["stopped_by"] not in ("nothing", "vote"):
        return text + f"<p>{escape(words.NO_VOTE_REACHED)}</p>"
    for house, share in houses.items():
        lacking = " lacking" if share <= 0.5 * present else ""
        text += (
            f'<p class="pk-stock">{escape(house[:1].upper() + house[1:])}</p>'
            f'<div class="pk-stockbar{lacking}"><i style="width:{100 * share:.1f}%"></i>'
            f'<u style="left:{50 * present:.1f}%"></u></div>'
            f"<p>{100 * share:.0f} % in support, over {50 * present:.0f} % needed</p>"
        )
    return text + (f"<p>{escape(words.PARTNER_REFUSES)}</p>" if partner < 0.5 else "")


def turned(found: Answers, row: Mapping[Any, Any], turns: list[Turn]) -> str:
    """What would have turned the answer, the draw held fixed and one thing changed at a time."""
    stopped = row["stopped_by"]
    if stopped == "no_need":
        return ""
    lines: list[str] = []
    if stopped == "nothing":
        lines = [
            words.LOST.format(term=spaced(turn.what), now=turn.now) for turn in turns[:TURNS_SHOWN]
        ] or [words.NOTHING_LOST]
    elif stopped == "choice":
        enough = [turn for turn in turns if turn.enough]
        lines = [
            words.MOVED.format(
                term=spaced(turn.what), now=turn.now, needed=turn.needed, words=turn.words
            )
            for turn in enough[:TURNS_SHOWN]
        ]
        if not enough:
            lines = [words.NO_TERM]
            if turns:
                lines.append(words.NEAREST.format(
                    term=spaced(turns[0].what), now=turns[0].now, reach=turns[0].reach,
                    needed=turns[0].needed, words=turns[0].words,
                ))
    else:
        for turn in turns:
            known = found.provisions.get(turn.what, {})
            title = f"{known['title']} [{turn.what}]: " if known.get("title") else ""
            alone = "" if turn.enough else words.AMONG_OTHERS
            lines.append(f"{title}{_worded(turn)}{alone}")
        lines = lines or [words.NOTHING_SINGLE.format(kind=kind_name(row["kind"]))]
        if stopped in ("law", "capacity") and row["reason"] != "renewal":
            carried = float(row["draw"]) < float(row["probability"])
            lines.append(words.BEHIND_YES if carried else words.BEHIND_NO)
    items = "".join(f"<li>{escape(line[:1].upper() + line[1:])}</li>" for line in lines)
    title = words.TURNED_YES if stopped == "nothing" else words.TURNED
    return (
        f'<section class="pk-turned"><h3>{escape(title)}</h3><ul>{items}</ul>'
        f'<p class="pk-small">{escape(words.TURNED_HELP)}</p></section>'
    )


def _worded(turn: Turn) -> str:
    """What a turn says; of slots, how a reader may have them."""
    if turn.what != "slots" or turn.now is None or turn.needed is None:
        return turn.words
    return words.SLOTS.format(missing=turn.needed - turn.now)


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
            place = f"{found.atlas.missions[unit['mission']]} ({kind_name(kind)})"
            held[place] = held.get(place, 0) + int(unit["people"])
    parts = [f"{people:,} in {place}" for place, people in held.items() if people > 0]
    return words.ABROAD.format(places="; ".join(parts)) if parts else words.NOBODY_ABROAD


def spaced(name: str) -> str:
    """A term's name as words, with what it means where that is short."""
    return name.replace("_", " ")


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def heading(level: int, text: str) -> None:
    solara.HTML(tag=f"h{level}", unsafe_innerHTML=escape(text))


def html(text: str) -> None:
    """Text of ours, its parts escaped by those who made them."""
    solara.HTML(tag="div", unsafe_innerHTML=text)
