"""What would have changed an answer, one thing at a time: in one run, and over many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from model.months import month_text
from model.vocabulary import CONDITIONS
from scenarios.explanation.law_counterfactuals import NEW, Tried
from scenarios.explanation.rerun import ABSENT

from ..language.names import name_of
from ..language.spoken import month, say
from . import presence_text, wording
from .labels import kind_name, legislature, provision_title
from .number_text import percent
from .provision_text import condition

if TYPE_CHECKING:
    from scenarios.explanation.counterfactuals import Turn
    from scenarios.explanation.decisions import Answers
    from scenarios.explanation.lever_thresholds import Lever
    from scenarios.explanation.over_runs import LeverCurve, Share, StruckOut, Turning

TURNS_SHOWN = 6
SLIGHT = 0.1  # a share that moves by less is not worth a line
MOST_NAMED = 4


def turn_lines(found: Answers, row: Mapping[Any, Any], turns: Sequence[Turn]) -> list[str]:
    """What would have turned the answer, the draw held fixed and one thing changed at a time."""
    stopped, names = row["stopped_by"], presence_text.terms(found, row)
    lines: list[str] = []
    if stopped == "nothing":
        renewal = row["reason"] == "renewal"
        words = wording.LEFT if renewal else wording.LOST
        lines = [
            words.format(term=names[turn.what], now=turn.now) for turn in turns[:TURNS_SHOWN]
        ] or [wording.NOTHING_LEFT if renewal else wording.NOTHING_LOST]
    elif stopped == "choice":
        enough = [turn for turn in turns if turn.enough]
        lines = [
            wording.MOVED.format(
                term=names[turn.what],
                now=turn.now,
                needed=turn.needed,
                reach=(turn.reach or 0.0) + 0.0,  # no minus at zero
                words=words_of(turn),
            )
            for turn in enough[:TURNS_SHOWN]
        ]
        if not enough:
            lines = [wording.NO_TERM]
            if turns:
                lines.append(
                    wording.NEAREST.format(
                        term=names[turns[0].what],
                        now=turns[0].now,
                        reach=(turns[0].reach or 0.0) + 0.0,
                        needed=turns[0].needed,
                        words=words_of(turns[0]),
                    )
                )
    else:
        for turn in turns:
            known = found.provisions.get(turn.what, {})
            title = ""
            if known.get("title"):
                title = f"{provision_title(turn.what, known['title'])} [{turn.what}]: "
            alone = "" if turn.enough else wording.AMONG_OTHERS
            lines.append(f"{title}{words_of(turn)}{alone}")
        lines = lines or [wording.NOTHING_SINGLE.format(kind=kind_name(row["kind"]))]
        if stopped in ("law", "capacity") and row["reason"] != "renewal":
            carried = float(row["draw"]) < float(row["probability"])
            lines.append(wording.BEHIND_YES if carried else wording.BEHIND_NO)
    return [line[:1].upper() + line[1:] for line in lines]


def words_of(turn: Turn) -> str:
    """What a change would be, in words."""
    if turn.by == "law" and turn.what in CONDITIONS:
        return say("open if the condition '{name}' were met", name=condition(turn.what))
    if turn.by == "law" and turn.needed is not None:
        return say("open from {month} under later law", month=month_text(int(turn.needed)))
    if turn.by == "capacity":
        assert turn.needed is not None and turn.now is not None
        lacking = turn.needed - turn.now
        return say("{lacking:,.2f} {what} missing", lacking=lacking, what=say(turn.what))
    if turn.by == "vote" and turn.what != "partner":
        assert turn.needed is not None and turn.now is not None
        share = 100 * (turn.needed - turn.now)
        return say(
            "{share:.1f}% of the seats of the {house} missing", share=share, house=say(turn.what)
        )
    return say(turn.words)


def lever_line(lever: Lever, renewal: bool) -> str:
    """How far a lever must move, and what is answered then."""
    unit = "" if lever.unit == "factor" else f" {say(lever.unit)}"
    return wording.LEVER_LINE.format(
        lever=name_of("lever", lever.name, lever.name.replace("_", " ")),
        needed=f"{lever.needed:.3g}{unit}",
        now=f"{lever.now:.3g}",
        outcome=then(lever.outcome, renewal),
    )


def then(outcome: str, renewal: bool) -> str:
    """An answer after a change, in words."""
    if outcome == ABSENT:
        return wording.ABSENT_THEN[renewal]
    if renewal:
        return wording.STAYS if outcome == "accepted" else wording.LEAVES
    return wording.OUTCOME[outcome]


def law_lines(found: Answers, row: Mapping[Any, Any], tried: Tried) -> list[str]:
    """Provisions that would turn the answer; conditions of one provision on one line."""
    lines: dict[tuple[str, str, str], list[str]] = {}
    for one in tried.amendments:
        lines.setdefault((one.provision, one.how, one.outcome), []).append(one.what)
    return [law_line(found, row, *key, what) for key, what in lines.items()]


def no_law(row: Mapping[Any, Any], tried: Tried) -> str:
    """That no provision would turn the answer."""
    none = wording.NO_LAW if row["stopped_by"] != "nothing" else wording.NO_LAW_STOPS
    return none.format(count=tried.provisions)


def law_line(
    found: Answers, row: Mapping[Any, Any], provision: str, how: str, outcome: str, what: list[str]
) -> str:
    """What of a provision would have to change, and what is answered then."""
    known = found.provisions.get(provision, {})
    change = wording.AMENDED[how].format(
        what=wording.OR.join(say(", ").join(map(_amended, part.split(";"))) for part in what),
        since=known.get("in_force", ""),
        kind=kind_name(row["kind"]),
        legislature=legislature(found.state),
    )
    title = ""
    if provision != NEW:
        title = f"{provision_title(provision, known.get('title', provision))} [{provision}] "
    outcome = then(outcome, row["reason"] == "renewal")
    return wording.LAW_LINE.format(change=f"{title}{change}", outcome=outcome)


def _amended(part: str) -> str:
    """A condition, a month or a number that an amendment is about."""
    return month(say(part.replace("_", " ")))


def over_runs(turning: Turning) -> str:
    """How most runs answer, as things are."""
    if not turning.share.asked:
        return wording.OVER_NEVER.format(runs=turning.runs)
    share, first = turning.share, turning.runs < turning.whole
    words = wording.OVER_STAYS if turning.renewal else wording.OVER_GOES
    if first:  # a table over all of them stands beside it
        words = wording.OVER_STAYS_FIRST if turning.renewal else wording.OVER_GOES_FIRST
    told = words.format(
        share=percent(share.yes), asked=share.asked, runs=turning.runs, whole=turning.whole
    )
    return wording.OVER_OPEN.format(sentence=told) if share.undecided else told


def over_lever_lines(turning: Turning) -> list[str]:
    """Levers that turn it, each from which value on; then in one line each those of which so few
    runs do not tell, and those that do not."""
    lines = [_over_lever(curve) for curve in turning.levers if curve.turns_at is not None]
    moving = [one for one in turning.levers if one.turns_at is None and one.swing >= SLIGHT]
    unsure = [one for one in moving if one.shares[0].undecided or one.shares[-1].undecided]
    surely = [_over_moves(one) for one in moving if one not in unsure]
    if unsure:
        told = say("; ").join([_over_moves(one) for one in unsure][:MOST_NAMED])
        lines.append(wording.OVER_UNDECIDED_LEVERS.format(levers=told))
    if not lines:
        lines = [wording.OVER_NO_LEVER]
    if surely:
        lines.append(wording.OVER_OTHERS.format(levers=say("; ").join(surely[:MOST_NAMED])))
    return lines


def _over_moves(curve: LeverCurve) -> str:
    """A lever that moves the share, with the least and the largest along its range."""
    low, high = _ends(curve)
    return wording.OVER_MOVES.format(
        lever=lever_name(curve.name), low=percent(low), high=percent(high)
    )


def _perhaps(line: str, share: Share) -> str:
    """A line with the remark that so few runs do not tell, where they do not."""
    return wording.OVER_UNDECIDED.format(line=line) if share.undecided else line


def _over_lever(curve: LeverCurve) -> str:
    """From which value of a lever on most answer otherwise, and how much at its end."""
    assert curve.turns_at is not None
    unit = "" if curve.unit == "factor" else f" {say(curve.unit)}"
    above = curve.turns_at > curve.now
    end = curve.shares[-1 if above else 0]
    line = wording.OVER_LEVER.format(
        lever=lever_name(curve.name),
        value=f"{curve.turns_at:.2g}{unit}",
        way=wording.OVER_UP if above else wording.OVER_DOWN,
        now=f"{curve.now:.2g}",
        end=f"{curve.values[-1 if above else 0]:.3g}",
        share=_asked(end),
    )
    return _perhaps(line, end)


def _ends(curve: LeverCurve) -> tuple[float, float]:
    """The least and the largest share along the range."""
    known = [one.yes for one in curve.shares if one.asked]
    return min(known), max(known)


def _asked(one: Share) -> str:
    """A share, or that no run is asked any more."""
    return percent(one.yes) if one.asked else wording.OVER_ABSENT


def over_law_lines(found: Answers, turning: Turning) -> list[str]:
    """Provisions without which it turns; then those that move it; or that none does."""
    lines = [
        _over_law(found, one, turning)
        for one in turning.provisions
        if one.turns or abs(_share_moved(one, turning)) >= SLIGHT
    ]
    none = wording.OVER_NO_LAW.format(count=len(turning.provisions))
    return lines or [none]


def _over_law(found: Answers, one: StruckOut, turning: Turning) -> str:
    """What is answered without a provision."""
    known: Mapping[str, Any] = found.provisions.get(one.provision, {})
    words = wording.OVER_LAW_TURNS if one.turns else wording.OVER_LAW_MOVES
    line = words.format(
        title=provision_title(one.provision, known.get("title", one.provision)),
        provision=one.provision,
        share=_asked(one.share),
        now=_asked(turning.share),
    )
    return _perhaps(line, one.share) if one.turns else line


def _share_moved(one: StruckOut, turning: Turning) -> float:
    """By how much the share is another without a provision."""
    if not one.share.asked or not turning.share.asked:
        return 0.0
    return one.share.yes - turning.share.yes


def lever_name(name: str) -> str:
    """A lever's name as words."""
    return name_of("lever", name, name.replace("_", " "))
