"""One answer with its reasons, line by line: law, capacity, choice, vote, what would change it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from model.core.utility_terms import MEANING
from model.vocabulary import FORMED, OPEN_GATES, PARLIAMENTS
from scenarios.explanation import decision_row
from scenarios.explanation.counterfactuals import CLEAR, utility_needed

from . import factor_text, menu_text, withdrawal_text, wording
from .labels import ASKERS, GATES, MODES, REASONS, STOPS, authoriser, documented, kind_name
from .provision_text import says

if TYPE_CHECKING:
    from scenarios.explanation.counterfactuals import Turn
    from scenarios.explanation.decisions import Answers

WIDTH = 100  # columns
LABEL = 16  # columns of the words on the left
BAR = 8  # marks of the largest term
TURNS_SHOWN = 4
WITHOUT = {"law": "even if it were legal", "capacity": "even with enough of it"}  # before choice

Line = tuple[str, str]  # text, style


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
        """Request, law, capacity, choice, vote, answer, and what would have changed it.

        ``cited``: provisions whose source has been given; it grows.
        """
        answers, row = self.answers, self.row
        yield ("", "")
        rule = f"{row['month']}  {headline(answers, row)}"
        yield (rule, "bold red" if row["stopped_by"] in STOPS else "bold green")
        request = answers.requests.get(str(row["request"]))
        if request is not None:
            asker = request.get("asker") or ASKERS.get(request.get("requester", ""), "")
            yield from wrapped("asked by", f"{asker} in {request['month']}, {MODES[row['mode']]}")
            yield from wrapped("documented", documented(request))
        else:
            mode = "" if row["reason"] == "renewal" else f", {MODES[row['mode']]}"
            yield from wrapped("asked by", REASONS[row["reason"]] + mode)
        if row["stopped_by"] == "no_need":
            yield from wrapped("answer", "nothing to offer: others had filled the need")
            return
        yield from self._law(cited)
        needs = decision_row.needs(row)
        if needs:
            yield from wrapped(
                "capacity",
                "; ".join(
                    f"{name}: {_number(free)} free, {_number(needed)} needed"
                    for name, (free, needed) in needs.items()
                ),
            )
        yield from self._place()
        yield from self._choice()
        yield from self._vote()
        yield from wrapped("answer", self._answer())
        yield from self._turns()

    def _law(self, cited: set[str]) -> Iterator[Line]:
        row = self.row
        gate = GATES[row["gate"]]
        key = str(row["provision"])
        if not key:
            yield from wrapped("law", f"{gate}: no instrument covers this")
            return
        known = self.answers.provisions.get(key, {})
        yield from wrapped("law", f"{gate}: {withdrawal_text.cited(self.answers, key)}")
        if key in cited:  # once is enough
            return
        cited.add(key)
        source = f"(source: {known['source']})" if known.get("source") else ""
        remark = " ".join(part for part in (says(known, self.answers.state), source) if part)
        if remark:
            yield from wrapped("", remark)

    def _place(self) -> Iterator[Line]:
        """Where it was asked for, what the survey found there, and the load of the service."""
        row = self.row
        if row["site"]:
            name = menu_text.place_names().get(str(row["site"]), row["site"])
            yield from wrapped("place", f"{name}: fighting {float(row['finding']):.2f} of 1")
        used, comfort = decision_row.in_use(row)
        if row["reason"] != "renewal" and row["kind"] in FORMED:
            yield from wrapped(
                "in use", f"load {used:.2f} of the {comfort:.2f} that the service carries with ease"
            )

    def _choice(self) -> Iterator[Line]:
        row = self.row
        utility, draw = float(row["utility"]), float(row["draw"])
        probability = float(row["probability"])
        verdict = "yes" if self.answers.would_accept(row) else "no"
        yield from wrapped(
            "choice",
            f"{verdict}: probability {probability:.2f}, draw {draw:.2f}; utility {utility:+.2f} "
            f"where {utility_needed(draw):+.2f} is needed",
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

    def _factors(self) -> Iterator[Line]:
        """The five factors with their terms: weight, value, and what both make."""
        yield from wrapped(
            "five factors",
            f"before the five, {factor_text.law(self.row)}; each term is weight x value",
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
        meanings = {**MEANING, **wording.REST}
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
        quiet = [name for name, value in parts.items() if abs(value) < CLEAR]
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
                yield from wrapped("authorised by", f"{who}; no vote was held")
                return
            houses, present, partner = decision_row.seats(row)
            shares = "; ".join(f"{house} {100 * s:.0f}% in support" for house, s in houses.items())
            veto = "; the coalition partner refuses" if partner < 0.5 else ""
            yield from wrapped(
                "authorised by", f"{who}: {shares}, over {50 * present:.0f}% needed{veto}"
            )
        elif row["stopped_by"] == "vote":
            yield from wrapped("authorised by", f"{who}: the coalition partner refuses")
        else:
            yield from wrapped("authorised by", f"{who}; no vote is needed")

    def _answer(self) -> str:
        row = self.row
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

    def _turns(self) -> Iterator[Line]:
        row = self.row
        label = "what if"
        turns = self.answers.turns(self.number)
        stopped = row["stopped_by"]
        if stopped == "nothing":
            if not turns:
                yield from wrapped(label, "no single term: it would have accepted without any one")
                return
            names = ", ".join(f"{_spaced(t.what)} ({t.now:+.2f})" for t in turns[:TURNS_SHOWN])
            yield from wrapped(label, f"it would have refused without {names}")
            return
        if stopped == "choice":
            yield from self._turned_by_terms(label, turns)
            return
        if not turns:
            what = f"{kind_name(row['kind'])} in such a mission"
            yield from wrapped(
                label,
                "no single change is enough; the law would at least need a new permission for "
                f"{what}",
            )
        for turn in turns:
            known = self.answers.provisions.get(turn.what, {})
            title = f"{known['title']} [{turn.what}]: " if known.get("title") else ""
            others = "" if turn.enough else ", among others"
            yield from wrapped(label, title + turn.words + others)
            label = ""
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
        would = "otherwise it would have accepted"
        if not accepts:
            would = f"{WITHOUT[stopped]}, it would have declined"
        text = f"{STOPS[stopped]} stopped it; {would}"
        if stopped == "law" and lacking:
            text += f"; there was not enough capacity either ({', '.join(lacking)})"
        yield from wrapped("", text)

    def _turned_by_terms(self, label: str, turns: list[Turn]) -> Iterator[Line]:
        enough = [turn for turn in turns if turn.enough]
        for turn in enough[:TURNS_SHOWN]:
            yield from wrapped(
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
            yield from wrapped(label, text)


def headline(answers: Answers, row: Mapping[Any, Any]) -> str:
    """One answer in a line: what was asked, how many of what, what came of it."""
    what = row["request"] or REASONS[row["reason"]]
    people = f"{int(row['asked']):,} {kind_name(row['kind'])}"
    verdict = str(row["outcome"]).upper()
    if row["reason"] == "renewal":
        verdict = "STAYS" if row["outcome"] == "accepted" else "LEAVES"
    stopped = row["stopped_by"]
    by = f" (stopped by {STOPS[stopped]})" if stopped in STOPS else ""
    mission = "" if answers.mission else f" for {row['mission']}"
    return f"{what}{mission}: {people}: {verdict}{by}"


def wrapped(label: str, text: str) -> Iterator[Line]:
    """A text with its label on the left, in as many lines as it needs."""
    lines = textwrap.wrap(text, WIDTH - LABEL, break_on_hyphens=False) or [""]
    for number, line in enumerate(lines):
        before = f"{label if number == 0 else '':<{LABEL - 1}} "
        yield (before + line, "")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _signed(value: float | None) -> str:
    assert value is not None
    return f"{value + 0.0:+.2f}" if value else "0.00"


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"


def _spaced(name: str) -> str:
    return name.replace("_", " ")
