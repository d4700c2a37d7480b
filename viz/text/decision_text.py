"""One answer with its reasons, line by line: law, capacity, choice, vote, what would change it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from model.months import month_text
from model.vocabulary import FORMED, OPEN_GATES, PARLIAMENTS
from scenarios.explanation import decision_row
from scenarios.explanation.counterfactuals import CLEAR, RANGES, RENEWALS_ONLY

from ..language.spoken import month_in_full
from . import change_text, factor_text, menu_text, presence_text, wording
from .labels import (
    ASKERS,
    GATES,
    GRADE_WORDS,
    MODES,
    REASONS,
    STOPS,
    THE_SCENARIO,
    authoriser,
    documented,
    is_added,
    people_of,
    personnel_of,
    state_name,
)
from .number_text import apart
from .provision_text import condition, says
from .text_lines import LABEL, WIDTH, Line, wrapped

if TYPE_CHECKING:
    from scenarios.explanation.decisions import Answers

BAR = 8  # marks of the largest term
TURNS_SHOWN = 4
REASONS_SHOWN = 3
WITHOUT = {"law": "even if it were legal", "capacity": "even with enough of it"}  # before choice
BEFORE = {  # an answer that the choice did not decide
    "law": "had the law been open: ",
    "capacity": "had there been enough capacity: ",
    "vote": "before the vote: ",
}
ARTICLE = {"UN": "UN", "USA": "United States"}  # askers that take an article
VERDICTS = {"smaller": "a smaller unit", "cheaper": "officers instead"}  # others as they are


@dataclass(frozen=True)
class Account:
    """Answer ``number`` of the detailed run, and why it was given.

    ``factors``: group the terms by the five factors for authorising a deployment.
    """

    answers: Answers
    number: int
    factors: bool = False

    @cached_property
    def row(self) -> dict[Any, Any]:
        """The decision as the table has it."""
        return self.answers.decisions.iloc[self.number].to_dict()

    def lines(self, cited: set[str]) -> Iterator[Line]:
        """The answer, then request, law, capacity, choice, vote, and what would have changed it.

        ``cited``: provisions whose source has been given; it grows.
        """
        answers, row = self.answers, self.row
        yield ("", "")
        rule = f"{row['month']}  {headline(answers, row)}"
        yield (rule, "bold red" if row["stopped_by"] in STOPS else "bold green")
        if row["stopped_by"] == "too_small":
            yield from wrapped(
                "answer", "nothing to offer: its usual size is below the smallest unit"
            )
        else:
            yield from wrapped("answer", self._answer())
        request = answers.requests.get(str(row["request"]))
        if row["reason"] != "renewal":
            yield from wrapped("asked by", f"{self._asked()}, {MODES[row['mode']]}{self._again()}")
        if request is not None:
            yield from wrapped("documented", documented(request))
        if row["stopped_by"] == "too_small":
            return
        yield from self._law(cited)
        needs = decision_row.needs(row)
        if needs:
            yield from wrapped(
                "capacity",
                "; ".join(
                    f"{name}: {free:,.0f} free, {needed:,.0f} needed"
                    for name, (free, needed) in needs.items()
                ),
            )
        yield from self._place()
        yield from self._choice()
        yield from self._vote()
        yield from self._turns()

    def _asked(self) -> str:
        """Who asked, how binding it was, and when."""
        key, known = str(self.row["request"]), self.answers.requests
        if not key:
            return REASONS[self.row["reason"]]
        grade = GRADE_WORDS[self.row["grade"]]
        request = known.get(key)
        asker = REASONS[self.row["reason"]] if request is None else _asker(request)
        if is_added(key):
            asker = THE_SCENARIO
        atlas = self.answers.atlas
        month = month_text(int(atlas.arrays.asks["month"][atlas.asks.index(key)]))
        when = f" in {month if request is None else request['month']}"
        return f"{asker}, {grade},{when}" if grade else f"{asker}{when}"

    def _again(self) -> str:
        """That the same request was answered before in this run, and when last."""
        before = self.answers.decisions.iloc[: self.number]
        same = (before["request"] == self.row["request"]) & (self.row["request"] != "")
        before = before.loc[same, "month"]
        return f"; taken up again after the answer of {before.iloc[-1]}" if len(before) else ""

    def _law(self, cited: set[str]) -> Iterator[Line]:
        row = self.row
        gate = GATES[row["gate"]]
        key = str(row["provision"])
        if not key:
            yield from wrapped("law", f"{gate}: no instrument covers this")
        else:
            known = self.answers.provisions.get(key, {})
            yield from wrapped("law", f"{gate}: {presence_text.cited(self.answers, key)}")
            unmet = decision_row.unmet(self.answers.atlas, row) if row["gate"] == "shut" else []
            if unmet:
                yield from wrapped("", f"not met: {', '.join(map(condition, unmet))}")
            if key not in cited:  # once is enough
                cited.add(key)
                source = f"(source: {known['source']})" if known.get("source") else ""
                crisis = row["mode"] != "routine"
                said = says(known, self.answers.state, crisis=crisis)
                remark = " ".join(part for part in (said, source) if part)
                if remark:
                    yield from wrapped("", remark)
        own = self._own_operation()
        if own.get("provision"):
            law = presence_text.cited(self.answers, str(own["provision"]))
            yield from wrapped(
                "", f"its own operation, {own['mission']}: {GATES[own['gate']]}: {law}"
            )

    def _own_operation(self) -> Mapping[str, Any]:
        """The operation of its own that answered the request, as the menu has it."""
        if self.row["substitute"] != "own_operation":
            return {}
        menu = self.answers.menu(self.row)
        return next((one for one in menu if one["nest"] == "own_operation"), {})

    def _place(self) -> Iterator[Line]:
        """Where it was asked for, what the survey found there, and the load of the service."""
        row = self.row
        if row["site"]:
            name = menu_text.place_name(str(row["site"]))
            if row["offered_site"] not in ("", row["site"]):
                name += ", asked about"
            yield from wrapped("place", f"{name}: {self._found()}{self._inland()}")
        used, comfort = decision_row.in_use(row)
        if row["kind"] in FORMED and comfort:
            added = decision_row.load_added(self.answers.atlas, self.answers.parameters, row)
            without = used - added if row["reason"] == "renewal" else used
            yield from wrapped(
                "load",
                f"{without:.2f} of the service in use, {without + added:.2f} with this unit; "
                f"{comfort:.2f} is carried with ease (1: a unit of the usual size)",
            )

    def _found(self) -> str:
        """Fighting at the place as the answer counts it, and whether a survey found it."""
        row = self.row
        fighting = f"fighting {float(row['finding']):.2f} on a scale of 0 to 1"
        if decision_row.is_surveyed(self.answers.atlas, row):
            return f"the survey of {month_in_full(row['month'])} found {fighting}"
        return fighting if row["reason"] == "renewal" else f"{fighting}, without a survey"

    def _inland(self) -> str:
        """How far the place lies from the sea, where that weighs."""
        if not float(self.row["term_access"]):
            return ""
        atlas = self.answers.atlas
        place = atlas.sites.index((self.row["mission"], self.row["site"]))
        far = 1000.0 * float(atlas.arrays.sites["inland"][place])
        return f"; {round(far, -1):,.0f} km from the nearest seaport"

    def _choice(self) -> Iterator[Line]:
        row = self.row
        chance, draw = apart(float(row["probability"]), float(row["draw"]))
        accepts = self.answers.would_accept(row)
        of = (
            "staying" if row["reason"] == "renewal" else f"sending {personnel_of(str(row['kind']))}"
        )
        yield from wrapped(
            "choice",
            f"{BEFORE.get(str(row['stopped_by']), '')}chance of {of} {chance}; this run's random "
            f"draw ({draw} of 100) is {'below' if accepts else 'above'} it: {self._chosen()}; the "
            f"terms, in log odds, add up to {float(row['utility']):+.2f}",
        )
        parts = self.answers.contributions(row)
        if self.factors:
            yield from self._factors()
        else:
            yield from self._terms(parts)
        if row["reason"] == "renewal" or len(parts) == 0:
            return
        label = "menu"
        for line in menu_text.lines(self.answers.menu(row)):
            yield from wrapped(label, line)
            label = ""

    def _chosen(self) -> str:
        """What the choice comes to, or would have come to."""
        accepts, stopped = self.answers.would_accept(self.row), str(self.row["stopped_by"])
        if self.row["reason"] != "renewal":
            does = "it would" if stopped in BEFORE else "it does"
            return does + ("" if accepts else " not")
        if stopped in BEFORE:
            return "it would have stayed" if accepts else "it would have left"
        return "it stays" if accepts else "it leaves"

    def _factors(self) -> Iterator[Line]:
        """The five factors with their terms: weight, value, and what both make."""
        yield from wrapped(
            "five factors",
            f"before the five: {factor_text.law(self.row)}. Each term is weight x value",
        )
        for name, term, weight, value, total in factor_text.rows(self.answers, self.row):
            style = "green" if float(total) > 0 else "red" if float(total) < 0 else ""
            text = name or f"  {term}"
            how = "" if name else f"  {weight} x {value}"
            yield (f"{'':{LABEL}}{text:<40}{total:>7}{how}", style)

    def _terms(self, parts: Mapping[str, float]) -> Iterator[Line]:
        """The terms as bars, the heaviest first."""
        row = self.row
        rest, left = self.answers.rest(row)
        meanings = presence_text.meanings(self.answers, row)
        ordered = sorted({**parts, rest: left}.items(), key=lambda pair: -abs(pair[1]))
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
        quiet = [
            name
            for name, value in parts.items()
            if abs(value) < CLEAR and name not in (*RENEWALS_ONLY, "compensation")
        ]
        if quiet:
            names = ", ".join(name.replace("_", " ") for name in quiet)
            yield from wrapped("", f"nothing from {names}")

    def _vote(self) -> Iterator[Line]:
        row = self.row
        if row["gate"] not in OPEN_GATES:
            return  # the law has not come to who decides
        who = authoriser(str(row["authoriser"]), self.answers.state)
        if row["authoriser"] in PARLIAMENTS:
            if row["stopped_by"] not in ("nothing", "vote"):
                yield from wrapped("authority", f"{who}; no vote was held")
                return
            houses, present, partner = decision_row.seats(row)
            one = len(houses) == 1
            of = f", a majority of the {100 * present:.0f}% that vote if others walk out"
            here = of if present < 1.0 else ""
            shares = ", ".join(
                f"{'' if one else house + ' '}{100 * share:.0f}%" for house, share in houses.items()
            )
            veto = "; the coalition partner refuses" if partner < 0.5 else ""
            yield from wrapped(
                "authority",
                f"{who}: {shares} of the seats in support, "
                f"over {50 * present:.0f}% needed{here}{veto}",
            )
        elif row["stopped_by"] == "vote":
            yield from wrapped("authority", f"{who}: the coalition partner refuses")
        else:
            yield from wrapped("authority", f"{who}; no vote is needed")

    def _answer(self) -> str:
        """What it does, where and when, and the first reasons for it."""
        return f"{self._does()}{self._because()}"

    def _does(self) -> str:
        row = self.row
        outcome = str(row["outcome"])
        asked = personnel_of(str(row["kind"]))
        if row["reason"] == "renewal":
            how = presence_text.how(self.answers, row)
            if outcome == "accepted":
                return f"it stays; {how}" if how.startswith("its") else f"it stays {how}"
            return f"it leaves: {how}" if how else "it leaves"
        if row["offered"] > 0:
            what = menu_text.to(
                people_of(int(row["offered"]), str(row["offered_kind"])), str(row["offered_site"])
            )
            own = self._own_operation()
            if own:
                what = f"{what} in an operation of its own ({own['mission']})"
            elif outcome == "cheaper":
                what = f"{what} instead of the {asked} asked for"
            elif outcome == "smaller":
                what = f"{what} where {int(row['asked']):,} were asked for"
            if row["site"] and not own and row["offered_site"] not in ("", row["site"]):
                what += f", not to {menu_text.place_name(str(row['site']))} as asked"
            return f"it sends {what}, in the field after {_months(int(row['lead_months']))}"
        if outcome == "substitute":
            return f"it gives {row['substitute']} instead of the {asked} asked for"
        return "it puts the answer off" if outcome == "deferred" else "it sends nothing"

    def _because(self) -> str:
        row = self.row
        if row["reason"] == "renewal" and row["outcome"] == "accepted":
            return ""
        told = reasons(self.answers, row)
        if not told or row["stopped_by"] not in ("nothing", "choice"):
            return f"; {told}" if told else ""
        side = "for" if row["stopped_by"] == "nothing" else "against"
        if row["reason"] == "renewal":
            side = "against staying"
        return f"; what weighs most {side}: {told}"

    def _turns(self) -> Iterator[Line]:
        row = self.row
        label = "what if"
        turns = self.answers.turns(self.number)
        if row["stopped_by"] == "nothing":
            if not turns:
                lost = wording.NOTHING_LOST, wording.NOTHING_LEFT
                yield from wrapped(label, lost[row["reason"] == "renewal"])
                return
            names = presence_text.terms(self.answers, row)
            told = [f"'{names[turn.what]}' ({turn.now:+.2f})" for turn in turns[:TURNS_SHOWN]]
            any_of = "any one of " if len(told) > 1 else ""
            verb = "left" if row["reason"] == "renewal" else "refused"
            yield from wrapped(label, f"it would have {verb} without {any_of}{', '.join(told)}")
            return
        lines = change_text.turn_lines(self.answers, row, turns)[:TURNS_SHOWN]
        if row["stopped_by"] != "choice":
            lines = lines[: max(1, len(turns))]
        for line in lines:
            said = line if row["stopped_by"] != "choice" else line[:1].lower() + line[1:]
            yield from wrapped(label, said)
            label = ""
        if row["stopped_by"] != "choice":
            yield from self._behind()

    def _behind(self) -> Iterator[Line]:
        """What the choice would have been, by the same draw, where it never came to it."""
        row = self.row
        stopped = str(row["stopped_by"])
        if stopped not in WITHOUT:
            return
        lacking = [
            name for name, (free, needed) in decision_row.needs(row).items() if needed > free
        ]
        accepts = self.answers.would_accept(row)
        kept, gone = ("stayed", "left") if row["reason"] == "renewal" else ("accepted", "declined")
        would = f"otherwise it would have {kept}"
        if not accepts:
            would = f"{WITHOUT[stopped]}, it would have {gone}"
        text = f"{STOPS[stopped]} stopped it; {would}"
        if stopped == "law" and lacking:
            text += f"; there was not enough capacity either ({', '.join(lacking)})"
        yield from wrapped("", text)


def reasons(answers: Answers, row: Mapping[Any, Any], most: int = REASONS_SHOWN) -> str:
    """The first reasons of an answer: the step that stopped it, or the heaviest terms on its side.

    Of the terms those are named that a date or a place can change, the heaviest first.
    """
    stopped = str(row["stopped_by"])
    if stopped == "law":
        unmet = decision_row.unmet(answers.atlas, row) if row["gate"] == "shut" else []
        if not unmet:
            return factor_text.law(row)
        return f"the law asks for {', '.join(map(condition, unmet))} [{row['provision']}]"
    if stopped == "capacity":
        lacking = [name for name, pair in decision_row.needs(row).items() if pair[1] > pair[0]]
        return f"it lacks {', '.join(lacking)}"
    if stopped == "vote":
        return "the vote does not carry"
    sign = 1.0 if stopped == "nothing" else -1.0
    names, parts = presence_text.terms(answers, row), answers.contributions(row)
    heavy = sorted(
        (name for name in RANGES if sign * parts.get(name, 0.0) >= CLEAR),
        key=lambda name: -abs(parts[name]),
    )
    return ", ".join(f"{names[name]} ({parts[name]:+.2f})" for name in heavy[:most])


def headline(answers: Answers, row: Mapping[Any, Any]) -> str:
    """One answer in a line: what was asked, how many of what, what came of it."""
    what = row["request"] or REASONS[row["reason"]]
    people = people_of(int(row["asked"]), str(row["kind"]))
    outcome, stopped = str(row["outcome"]), row["stopped_by"]
    verdict = VERDICTS.get(outcome, outcome).upper()
    if row["reason"] == "renewal":
        verdict = "STAYS" if outcome == "accepted" else "LEAVES"
    elif stopped == "too_small":
        return f"{what}: TOO SMALL FOR A UNIT"
    elif outcome == "substitute":
        verdict = f"{str(row['substitute']).replace('_', ' ').upper()} INSTEAD"
    how = "decided by" if row["reason"] == "renewal" else "stopped by"
    by = f" ({how} {STOPS[stopped]})" if stopped in STOPS else ""
    mission = "" if answers.mission else f" for {row['mission']}"
    return f"{what}{mission}: {people}: {verdict}{by}"


def _asker(request: Mapping[str, str]) -> str:
    """Who asks, as it stands after 'asked by'."""
    asker = request.get("asker") or ASKERS.get(request.get("requester", ""), "")
    if asker in ARTICLE:
        return f"the {ARTICLE[asker]}"
    return f"its {asker}" if asker.startswith("own ") else state_name(asker)


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"
