"""Why a state answered as it did, in words that are read at a glance.

One block for each answer of run 0 (law, capacity, choice, vote, what would have turned it), then
the outcomes over all runs beside what is documented.  The reasons themselves come from
``scenarios.answers``; this is their text.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .palette import kind_name, state_name

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from scenarios.answers import Answers
    from scenarios.schema import Scenario
    from scenarios.why import Turn

WIDTH = 100  # columns
LABEL = 16  # columns of the words on the left
BAR = 8  # marks of the largest term
SELDOM = 0.05  # rounds that reach the state in fewer runs are only counted
TURNS_SHOWN = 4
DATES_SHOWN = 6

REASONS = {
    "new_mandate": "round of force generation for a new mandate",
    "reinforcement": "round of force generation for a reinforcement",
    "vacancy": "round of force generation for a vacancy",
    "documented": "documented request",
    "ally": "documented request of the ally",
    "renewal": "renewal",
}
GATES = {
    "open": "open",
    "open_after_lead": "open, with a vote before",
    "needs_statute": "needs a statute",
    "shut": "shut",
}
STOPS = {
    "law": "the law",
    "capacity": "capacity",
    "choice": "choice",
    "vote": "the vote",
    "no_need": "no need left to fill",
}
BEHIND = {"law": "without the law", "capacity": "with enough of it"}  # stops before choice
AUTHORISERS = {
    "none": "nobody in particular",
    "minister": "minister",
    "cabinet": "cabinet",
    "diet": "{legislature}, before dispatch",
    "diet_after": "{legislature}, after dispatch",
    "assembly": "{legislature}",
}
MODES = {"routine": "at routine pace", "crisis": "in a crisis"}
ANSWERS = {  # where the word of the table needs the ladder to be understood
    "smaller": "a smaller unit",
    "cheaper": "something smaller of another kind",
    "substitute": "something else instead",
}
LEGEND = (
    "smaller: a smaller unit; officers: a few officers in place of the unit; instead: money, "
    "equipment, instructors or an operation of its own"
)
ASKERS = {"un": "the UN", "ally": "the ally", "host": "the host", "body": "another body"}

Line = tuple[str, str]  # text, style


@dataclass(frozen=True)
class Explanation:
    """The answers of a state with their reasons; ``str()`` is the text for a reader."""

    answers: Answers
    month: str | None = None
    everything: bool = False

    @property
    def decisions(self) -> pd.DataFrame:
        """Every answer of run 0, one row each."""
        return self.answers.decisions

    @property
    def outcomes(self) -> pd.DataFrame:
        """What became of each request over the runs, as shares."""
        return self.answers.outcomes

    @property
    def renewals(self) -> pd.DataFrame:
        """By mission and kind over all runs: renewals answered, share that stayed."""
        return self.answers.renewals

    def turns(self, number: int) -> list[Turn]:
        """What would have turned answer ``number`` of run 0, its draw held fixed."""
        return self.answers.turns(number)

    def shown(self) -> list[int]:
        """Numbers of the answers told in full; of the renewals, those that ended in leaving."""
        table = self.decisions
        if table.empty or (self.month is None and not self.answers.mission):
            return []
        keep = (table["reason"] != "renewal") | (table["outcome"] != "accepted")
        if self.month is not None:
            keep = table["month"] == self.month
        elif self.everything:
            keep = table["month"] != ""
        return [int(number) for number in keep[keep].index]

    def __str__(self) -> str:
        from rich.console import Console

        text = io.StringIO()
        self.print(Console(file=text, width=WIDTH, color_system=None))
        return text.getvalue()

    def print(self, console: Console) -> None:
        """Write the text, with colours where the console has them."""
        for text, style in self.lines():
            console.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)

    def lines(self) -> Iterator[Line]:
        """The text line by line, each with its style."""
        answers = self.answers
        period, place = answers.scenario.period, answers.mission or "all missions"
        yield (
            f"{state_name(answers.state)} and {place}, scenario {answers.scenario.name}, "
            f"{period.start} to {period.end}",
            "bold",
        )
        shown = self.shown()
        if self.month is not None and not shown:
            yield from self._nearest()
        if self.decisions.empty:
            yield from self._never_asked()
        elif shown:
            yield (f"Answers of run 0 (seed {answers.seed}); the outcomes of all runs below.", "")
        cited: set[str] = set()
        for number in shown:
            yield from self._decision(number, cited)
        yield from self._renewals()
        yield from self._outcomes()

    def _nearest(self) -> Iterator[Line]:
        months = self.decisions["month"].tolist() if len(self.decisions) else []
        before = max((m for m in months if m < str(self.month)), default=None)
        after = min((m for m in months if m > str(self.month)), default=None)
        yield (f"No decision falls in {self.month} in run 0.", "")
        for words, month in (("Nearest before", before), ("Nearest after", after)):
            if month is None:
                yield (f"{words}: none.", "")
                continue
            for row in self.decisions[self.decisions["month"] == month].to_dict("records"):
                yield (f"{words}: {month}, {self._headline(row)}", "")

    def _never_asked(self) -> Iterator[Line]:
        answers = self.answers
        name = state_name(answers.state)
        if not answers.mission:
            yield (f"{name} was not asked for anything in run 0.", "")
            return
        reached = answers.outcomes["reached"].max() if len(answers.outcomes) else 0.0
        yield (
            f"{name} was not asked about {answers.mission} in run 0; "
            + (f"it was in {_percent(reached)} of the {answers.runs} runs."
               if reached else f"nor in any other of {answers.runs} runs."),
            "",
        )
        for request in answers.requests.values():
            if request["mission"] == answers.mission:
                yield from _wrapped(request["id"], documented(request))
        rounds = answers.rounds()
        if not rounds:
            yield (
                "No round of force generation went out for it; outside the UN only the states that "
                "the record names are asked.",
                "",
            )
        by_kind: dict[str, list[str]] = {}
        for month, kind, _ in rounds:
            by_kind.setdefault(kind, []).append(month)
        if by_kind:
            yield ("Rounds of force generation went out, and did not reach it:", "")
        for kind, months in by_kind.items():
            yield from _wrapped(kind_name(kind), _dates(months))

    def _headline(self, row: Mapping[Any, Any]) -> str:
        what = row["request"] or REASONS[row["reason"]]
        people = f"{int(row['asked']):,} {kind_name(row['kind'])}"
        verdict = str(row["outcome"]).upper()
        if row["reason"] == "renewal":
            verdict = "STAYS" if row["outcome"] == "accepted" else "LEAVES"
        stopped = row["stopped_by"]
        by = f" (stopped by {STOPS[stopped]})" if stopped in STOPS else ""
        mission = "" if self.answers.mission else f" for {row['mission']}"
        return f"{what}{mission}: {people}: {verdict}{by}"

    def _decision(self, number: int, cited: set[str]) -> Iterator[Line]:
        answers = self.answers
        row = answers.decisions.iloc[number].to_dict()
        yield ("", "")
        rule = f"{row['month']}  {self._headline(row)}"
        yield (rule, "bold red" if row["stopped_by"] in STOPS else "bold green")
        request = answers.requests.get(str(row["request"]))
        if request is not None:
            asker = request.get("asker") or ASKERS.get(request.get("requester", ""), "")
            yield from _wrapped("asked by", f"{asker} in {request['month']}, {MODES[row['mode']]}")
            yield from _wrapped("documented", documented(request))
        else:
            mode = "" if row["reason"] == "renewal" else f", {MODES[row['mode']]}"
            yield from _wrapped("asked by", REASONS[row["reason"]] + mode)
        if row["stopped_by"] == "no_need":
            yield from _wrapped("answer", "nothing to offer: others had filled the need")
            return
        yield from self._law(row, cited)
        needs = answers.faced.needs(row)
        if needs:
            yield from _wrapped(
                "capacity",
                "; ".join(
                    f"{name}: {_number(free)} free, {_number(needed)} needed"
                    for name, (free, needed) in needs.items()
                ),
            )
        yield from self._choice(row)
        yield from self._vote(row)
        yield from _wrapped("answer", self._answer(row))
        yield from self._turns(number, row)

    def _law(self, row: Mapping[Any, Any], cited: set[str]) -> Iterator[Line]:
        gate = GATES[row["gate"]]
        key = str(row["provision"])
        if not key:
            yield from _wrapped("law", f"{gate}: no instrument speaks of this")
            return
        known = self.answers.provisions.get(key, {})
        since, until = self.answers.in_force(key)
        dates = f"in force from {since}" + (f" to before {until}" if until else "")
        yield from _wrapped("law", f"{gate}: {known.get('title', key)} [{key}], {dates}")
        if key in cited:  # once is enough
            return
        cited.add(key)
        source = f"(source: {known['source']})" if known.get("source") else ""
        remark = " ".join(part for part in (known.get("note", ""), source) if part)
        if remark:
            yield from _wrapped("", remark)

    def _choice(self, row: Mapping[Any, Any]) -> Iterator[Line]:
        from model.terms import MEANING
        from scenarios.why import CLEAR, utility_needed

        utility, draw = float(row["utility"]), float(row["draw"])
        probability = float(row["probability"])
        verdict = "yes" if self.answers.would_accept(row) else "no"
        yield from _wrapped(
            "choice",
            f"{verdict}: probability {probability:.2f}, draw {draw:.2f}; utility {utility:+.2f} "
            f"where {utility_needed(draw):+.2f} is needed",
        )
        parts = self.answers.contributions(row)
        chance = self.answers.chance_of_the_month(row)
        meanings = {**MEANING, "this month": "what only this renewal had (luck)"}
        ordered = sorted({**parts, "this month": chance}.items(), key=lambda pair: -abs(pair[1]))
        largest = max(abs(value) for value in [*parts.values(), CLEAR])
        for name, value in ordered:
            if abs(value) < CLEAR:
                continue
            mark = "+" if value > 0 else "-"
            bar = mark * max(1, round(BAR * abs(value) / largest))
            head = f"{'':{LABEL}}{name.replace('_', ' '):<13}{value:+6.2f} {bar:<{BAR}} "
            style = "green" if value > 0 else "red"
            for number, part in enumerate(textwrap.wrap(meanings[name], WIDTH - len(head))):
                yield ((head if number == 0 else " " * len(head)) + part, style)
        if row["reason"] == "renewal" or len(parts) == 0:
            return
        quiet = [name for name, value in parts.items() if abs(value) < CLEAR]
        if quiet:
            names = ", ".join(name.replace("_", " ") for name in quiet)
            yield from _wrapped("", f"nothing from {names}")

    def _vote(self, row: Mapping[Any, Any]) -> Iterator[Line]:
        if row["gate"] not in ("open", "open_after_lead"):
            return  # the law has not come to who decides
        who = authoriser(str(row["authoriser"]), self.answers.state)
        if row["authoriser"] in ("diet", "diet_after", "assembly"):
            if row["stopped_by"] not in ("nothing", "vote"):
                yield from _wrapped("authorised by", f"{who}; it never came to a vote")
                return
            houses, present, partner = self.answers.faced.seats(row)
            shares = "; ".join(f"{house} {100 * s:.0f} % in support" for house, s in houses.items())
            veto = "; the coalition partner refuses" if partner < 0.5 else ""
            yield from _wrapped(
                "authorised by", f"{who}: {shares}, over {50 * present:.0f} % needed{veto}"
            )
        elif row["stopped_by"] == "vote":
            yield from _wrapped("authorised by", f"{who}: the coalition partner refuses")
        else:
            yield from _wrapped("authorised by", f"{who}; no vote is needed")

    def _answer(self, row: Mapping[Any, Any]) -> str:
        outcome = str(row["outcome"])
        if row["reason"] == "renewal":
            return "stays" if outcome == "accepted" else "leaves"
        if row["offered"] > 0:
            what = f"{int(row['offered']):,} {kind_name(row['offered_kind'])}"
            own = " in an operation of its own" if row["substitute"] == "own_operation" else ""
            lead = int(row["lead_months"])
            return f"{outcome}: {what}{own}, in the field after {_months(lead)}"
        if outcome == "substitute":
            return f"{row['substitute']} instead of the {kind_name(row['kind'])} asked for"
        return outcome

    def _turns(self, number: int, row: Mapping[Any, Any]) -> Iterator[Line]:
        label = "turned by"
        turns = self.turns(number)
        stopped = row["stopped_by"]
        if stopped == "nothing":
            if not turns:
                yield from _wrapped(label, "no single term: it would have accepted without any one")
                return
            names = ", ".join(f"{_spaced(t.what)} ({t.now:+.2f})" for t in turns[:TURNS_SHOWN])
            yield from _wrapped(label, f"it would have refused without {names}")
            return
        if stopped == "choice":
            yield from self._turned_by_terms(label, turns)
            return
        if not turns:
            what = f"{kind_name(row['kind'])} in such a mission"
            yield from _wrapped(label, f"nothing single; a new permission for {what} at least")
        for turn in turns:
            known = self.answers.provisions.get(turn.what, {})
            title = f"{known['title']} [{turn.what}]: " if known.get("title") else ""
            others = "" if turn.enough else ", among others"
            yield from _wrapped(label, title + turn.words + others)
            label = ""
        yield from self._behind(row)

    def _behind(self, row: Mapping[Any, Any]) -> Iterator[Line]:
        """What the choice would have been, by the same draw, where it never came to it."""
        stopped = str(row["stopped_by"])
        if stopped not in BEHIND:
            return
        lacking = [name for name, (free, needed) in self.answers.faced.needs(row).items()
                   if needed > free]
        would = "yes" if self.answers.would_accept(row) else "no, too"
        text = f"{STOPS[stopped]} stopped it; {BEHIND[stopped]} the choice would have been {would}"
        if stopped == "law" and lacking:
            text += f"; there was not enough capacity either ({', '.join(lacking)})"
        yield from _wrapped("behind it", text)

    def _turned_by_terms(self, label: str, turns: list[Turn]) -> Iterator[Line]:
        enough = [turn for turn in turns if turn.enough]
        for turn in enough[:TURNS_SHOWN]:
            yield from _wrapped(
                label,
                f"{_spaced(turn.what)} {turn.now:+.2f} moved to {turn.needed:+.2f} "
                f"(at best {_signed(turn.reach)}: {turn.words})",
            )
            label = ""
        if not enough:
            nearest = turns[0] if turns else None
            text = "no single term"
            if nearest is not None:
                text += (
                    f"; the nearest is {_spaced(nearest.what)}, {nearest.now:+.2f}, at best "
                    f"{_signed(nearest.reach)} of {nearest.needed:+.2f} needed ({nearest.words})"
                )
            yield from _wrapped(label, text)

    def _renewals(self) -> Iterator[Line]:
        from calibration.record import entries

        answers = self.answers
        table = answers.renewals
        if table.empty or not answers.mission:
            return
        yield ("", "")
        yield (f"Renewals, {answers.runs} runs", "bold")
        run_0 = answers.decisions
        for row in table.to_dict("records"):
            text = f"stays in {_percent(row['stayed'])} of {row['answered']:,}"
            if len(run_0):
                due = run_0[(run_0["reason"] == "renewal") & (run_0["kind"] == row["kind"])]
                stays = due.loc[due["outcome"] == "accepted", "month"].tolist()
                leaves = due.loc[due["outcome"] != "accepted", "month"].tolist()
                text += f"; run 0 stays {_dates(stays)}" if stays else ""
                text += f"; run 0 leaves {_dates(leaves)}" if leaves else ""
            yield from _wrapped(kind_name(row["kind"]), text)
        for entry in entries(answers.state, category="withdrawn"):
            if entry.mission == answers.mission:
                text = f"withdrawn in {entry.start}; {entry.statement} (source: {entry.id})"
                yield from _wrapped("documented", text)

    def _outcomes(self) -> Iterator[Line]:
        from scenarios.answers import OUTCOMES

        answers = self.answers
        table = answers.outcomes
        if table.empty:
            return
        if self.month is not None and not answers.mission:
            inside = set(self.decisions.loc[self.decisions["month"] == self.month, "mission"])
            table = table[table["mission"].isin(inside)]
        elif not answers.mission:
            table = table[table["request"] != ""]
        yield ("", "")
        yield (
            f"Outcomes over {answers.runs} runs, in % of those that asked "
            "(the most it gave; first: first answered)",
            "bold",
        )
        head = f"{'first':<8}{'request':<13}{'kind':<18}{'runs':>6} "
        names = [{"cheaper": "officers", "substitute": "instead"}.get(n, n) for n in OUTCOMES]
        yield (head + "".join(f"{name:>9}" for name in names), "")
        best = table[table["answer"] == "best"]
        seldom = (best["reached"] < SELDOM) & (best["request"] == "")
        for row in best[~seldom].to_dict("records"):
            name = row["request"] or "rounds"
            line = f"{row['month']:<8}{name:<13}{kind_name(row['kind'])[:17]:<18}"
            line += f"{_percent(row['reached']):>6} "
            line += "".join(f"{_share(row[outcome]):>9}" for outcome in OUTCOMES)
            yield (line, "")
            request = answers.requests.get(row["request"])
            if request is not None:
                mission = "" if answers.mission else f"{row['mission']}; "
                yield (f"{'':8}{mission}documented: {answered(request)}", "dim")
        if seldom.any():
            number = int(seldom.sum())
            more = "one more kind" if number == 1 else f"{number} more kinds"
            yield (f"Rounds for {more} reached it in under 5 % of the runs.", "")
        yield from ((line, "dim") for line in textwrap.wrap(LEGEND, WIDTH))
        if not answers.mission and self.month is None:
            yield ("Name a mission with --mission to see the reasons.", "")


def explain(
    scenario: str | Path | Scenario,
    state: str,
    mission: str | None = None,
    month: str | None = None,
    *,
    runs: int = 100,
    seed: int = 1,
    settings: Mapping[str, float | str] | None = None,
    start: str | None = None,
    end: str | None = None,
    deliberating: Sequence[str] | None = None,
    everything: bool = False,
) -> Explanation:
    """Why a state answered as it did on a mission: law, terms, chance, vote, capacity, answer.

    ``print()`` the result to read it; ``.decisions`` (run 0) and ``.outcomes`` (all runs) are
    tables, ``.turns(n)`` is what would have turned answer n.

    Args:
        scenario: a name in the library, a TOML file, or a Scenario.
        state, mission: code, name or alias; without a mission an overview of all requests.
        month: only the answers of this month, in full.
        runs, seed, settings, start, end, deliberating: as in ``run``.
        everything: tell every renewal in full, not only those that ended in leaving.

    Raises:
        InputError: anything misspelt or out of range, in one sentence.
    """
    from model.months import month_number, month_text
    from scenarios import answers

    found = answers.find(
        scenario, state, mission, month, runs=runs, seed=seed, settings=settings, start=start,
        end=end, deliberating=deliberating,
    )
    chosen = None if month is None else month_text(month_number(month))
    return Explanation(found, chosen, everything)


def authoriser(name: str, state: str) -> str:
    """Who agrees to a dispatch, a legislature by what it is called in the state."""
    from scenarios import names

    return AUTHORISERS.get(name, name).format(legislature=names.legislature(state))


def documented(request: Mapping[str, str]) -> str:
    text = answered(request)
    if request.get("note"):
        # the note may open with the word for the pace, which stands beside the asker
        text += f"; {request['note'].removeprefix(request.get('mode', '') + ': ')}"
    return text + f" (source: {request['source']})" if request.get("source") else text


def answered(request: Mapping[str, str]) -> str:
    from scenarios.answers import NOBODY_ASKED

    answer = request["documented_answer"]
    if answer == NOBODY_ASKED:
        return "no request is documented"
    when = f" in {request['answer_month']}" if request.get("answer_month") else ""
    arrival = f", there in {request['arrival_month']}" if request.get("arrival_month") else ""
    words = ANSWERS.get(answer, answer)
    return f"{words}{when}{arrival}" if answer else "answer not documented"


def _wrapped(label: str, text: str) -> Iterator[Line]:
    lines = textwrap.wrap(text, WIDTH - LABEL, break_on_hyphens=False) or [""]
    for number, line in enumerate(lines):
        yield (f"{label if number == 0 else '':<{LABEL}}{line}", "")


def _dates(months: list[str]) -> str:
    if len(months) <= DATES_SHOWN:
        return ", ".join(months)
    return f"{', '.join(months[:3])} … {months[-1]} ({len(months)} times)"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _share(share: float) -> str:
    return f"{100 * share:.0f}" if share else "."


def _signed(value: float | None) -> str:
    assert value is not None
    return f"{value + 0.0:+.2f}" if value else "0.00"


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"


def _spaced(name: str) -> str:
    return name.replace("_", " ")
