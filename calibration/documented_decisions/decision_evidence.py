"""Documented decisions of Japan and Korea as typed records, one a decision.

Answers to requests, extensions, exits, decisions to stay after an incident, and votes.  Rows that
say that no request was made, doubles, own support and changes of hat are evidence of another sort
and make no decision here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from model.months import month_number
from model.vocabulary import FORMED

from ..raw_data.raw_files import coded, records
from .coded_tables import FINER, table

EVENTS = ("unit", "individual", "extension", "stay", "exit", "vote")
PUT = ("entry", "reinforcement", "own_study")  # occasions on which there was something to answer
SENT = ("accepted", "smaller")
INSTEAD = ("cheaper", "substitute")
NOTICE = 2  # months from decision to departure where only the departure is known (the median)
NOTICE_AT_MOST = 12  # an exit told earlier is judged from a year before the departure
AHEAD = 6  # months after an extension in which it must hold; a shorter term is held to its end
SAME = 0.1  # a change of size within it is none


@dataclass(frozen=True)
class Decision:
    """One documented decision.

    Attributes:
        id: of the ask, the vote, or the plan with its month.
        event: one of ``EVENTS``.
        month: in which it fell; an answer without a date stands in the month of the ask.
        kinds: what was asked for or is in the field; ``instructors`` is finer than the model's
            kinds.
        asked: people asked for, or there before; 0 where unknown.
        grade, highest: of the first and of the highest contact; blank where not found.
        place: site that the score is of.  score: 0..3, security there in the twelve months before
            an answer, in the calendar year otherwise; None where not known.
        finding: of a survey, and only one that was known before the decision.
        done: ``sent``, ``instead`` or ``nothing``; ``stays`` or ``leaves``; ``carried``.
        size: people afterwards; None where unknown.
        until: month in which what was done must show.
        trigger: first trigger of an exit, occasion of a stay.
        answer: the answer in the words of the table; own studies stand as occasion ``own_study``.
        documented: what is judged rests on a document and not on a rule.
    """

    id: str
    state: str
    mission: str
    month: int
    event: str
    kinds: tuple[str, ...]
    done: str
    until: int
    asked: int = 0
    grade: str = ""
    highest: str = ""
    place: str = ""
    score: int | None = None
    finding: str = ""
    size: int | None = None
    trigger: str = ""
    answer: str = ""
    occasion: str = ""
    asker: str = ""
    request: str = ""
    documented: bool = True

    @property
    def modelled(self) -> tuple[str, ...]:
        """Its kinds as the model knows them; empty where it knows none."""
        return tuple(kind for name in self.kinds if (kind := FINER.get(name, name)))

    @property
    def question(self) -> str:
        """What is decided: decisions with the same alternatives are scored together."""
        if self.event in ("extension", "stay", "exit"):
            return "stay or leave"
        return {"unit": "unit asked for", "individual": "officers asked for"}.get(
            self.event, self.event
        )

    @property
    def resized(self) -> str:
        """What an extension did to the size: ``same``, ``cut``, ``raise``; blank if unknown."""
        if self.event != "extension" or not self.asked or self.size is None:
            return ""
        return resized(self.asked, self.size)


def resized(before: float, after: float) -> str:
    """Whether a size is the ``same``, ``cut`` or a ``raise``."""
    if abs(after - before) <= SAME * before:
        return "same"
    return "raise" if after > before else "cut"


def _number(text: str) -> int | None:
    return int(text) if text else None


def answers() -> list[Decision]:
    """Answers to asks, by the first contact; asks without a known answer are left out."""
    out = []
    for row in records(table("asks")):
        if row["occasion"] not in PUT or row["answer"] in ("", "none"):
            continue
        month = month_number(row["answered"] or row["asked"])
        unit = FINER.get(row["kind"], row["kind"]) in FORMED or row["kind"] == "instructors"
        done = "sent" if row["answer"] in SENT else "nothing"
        out.append(
            Decision(
                id=row["id"], state=row["state"], mission=row["mission"], month=month,
                event="unit" if unit else "individual", kinds=(row["kind"],),
                done="instead" if row["answer"] in INSTEAD else done, until=month,
                asked=int(row["people"] or 0), grade=row["grade"], highest=row["grade_highest"],
                place=row["site"], score=_number(row["score"]),
                finding=row["finding"] if row["surveyed"] == "before" else "",
                answer=row["answer"], occasion=row["occasion"], asker=row["asker"],
                request=row["id"], documented=bool(row["answered"]),
            )
        )  # fmt: skip
    return out


def extensions(implied: bool = False) -> list[Decision]:
    """Dated extensions; with ``implied``, also those that a rule spaces evenly between dates.

    What changed in size over several points is told of the last of them.
    """
    out = []
    for row in records(table("extension_points")):
        before, after = _number(row["size_before"]), _number(row["size_after"])
        if (row["basis"] == "implied" and not implied) or after == 0:  # an exit is in ``exits``
            continue
        first, last = month_number(row["from"]), month_number(row["to"])
        points = int(row["points"])
        for number in range(points):
            month = first + number * (last - first) // max(points - 1, 1)
            until = month + min(int(row["months"]) or AHEAD, AHEAD) - 1
            out.append(
                _point(row, month, "extension", "stays", until,
                       size=after if number == points - 1 else before, asked=before or 0,
                       documented=row["basis"] == "dated")
            )  # fmt: skip
    return out


def exits() -> list[Decision]:
    """Exits, and decisions to stay after an incident."""
    out = []
    for row in records(table("exits")):
        told = [month_number(row[name]) for name in ("decided", "announced") if row[name]]
        rest = {"asked": int(row["people"]), "trigger": row["trigger"], "documented": bool(told)}
        if row["event"] == "stay":
            out.append(_point(row, told[0], "stay", "stays", told[0] + AHEAD - 1, **rest))
        elif row["event"] == "exit":
            left = month_number(row["left"])
            month = max(min(told, default=left - NOTICE), left - NOTICE_AT_MOST)
            until = max(left, month + NOTICE) + 1  # the usual notice may run from the month after
            out.append(_point(row, month, "exit", "leaves", until, **rest))
    return out


@cache
def _departures() -> dict[str, list[int]]:
    """Months in which each plan ended."""
    out: dict[str, list[int]] = {}
    for row in records(table("exits")):
        if row["event"] == "exit":
            out.setdefault(row["plan"], []).append(month_number(row["left"]))
    return out


def _point(
    row: dict[str, str], month: int, event: str, done: str, until: int, **rest: Any
) -> Decision:
    """A point at which a presence may go on or end; what goes on is held to the departure."""
    kinds = tuple(row["kinds"].split(";"))
    if done == "stays":
        ends = [left for left in _departures().get(row["plan"], ()) if left > month]
        until = min([until, *(left - 1 for left in ends)])
    return Decision(
        id=f"{row['plan']} {event} {month // 12 + 1990}-{month % 12 + 1:02d}",
        state=row["state"], mission=row["mission"], month=month, event=event, kinds=kinds,
        done=done, until=until, place=row["site"], score=security(row["site"], month), **rest,
    )  # fmt: skip


def votes() -> list[Decision]:
    """Motions in the National Assembly of Korea, all of them carried."""
    out = []
    for row in records(coded("korea_votes", ("id", "date", "mission", "kind", "request", "yes"))):
        month = month_number(row["date"][:7])
        out.append(
            Decision(
                id=row["id"], state="KOR", mission=row["mission"], month=month, event="vote",
                kinds=(row["kind"],), done="carried", until=month, request=row["request"],
            )
        )  # fmt: skip
    return out


def decisions(implied: bool = False) -> list[Decision]:
    """Every documented decision, by month; an extension after an incident is told once, and the
    last term of a presence, granted with its end, not as an extension."""
    gone = {_presence(one) for one in exits() if one.event == "exit"}
    prolonged = [one for one in extensions(implied) if _presence(one) not in gone]
    known = {_presence(one) for one in prolonged}
    ended = [one for one in exits() if one.event == "exit" or _presence(one) not in known]
    every = [*answers(), *prolonged, *ended, *votes()]
    return sorted(every, key=lambda one: (one.month, one.id))


def _presence(one: Decision) -> tuple[str, str, tuple[str, ...], int]:
    return one.state, one.mission, one.kinds, one.month


def security(place: str, month: int) -> int | None:
    """Score of a site in the calendar year that holds most of the twelve months before."""
    return _scores().get((place, str(1990 + (month - 6) // 12)))


@cache
def _scores() -> dict[tuple[str, str], int]:
    rows = records(table("site_security"))
    return {(row["site"], row["year"]): int(row["score"]) for row in rows}
