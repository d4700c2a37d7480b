"""What the sources say of an answer, and what the model says of it."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from calibration import documented_record
from calibration.documented_record import Entry
from model import csv_rows
from model.coverage import world_end
from scenarios.definition import lookup
from scenarios.definition.lookup import NOBODY_ASKED
from scenarios.explanation.decisions import Answers

from ...language.spoken import month as written
from ...language.spoken import say
from ...text import wording
from ...text.labels import STOPS, answered, kind_name, note_of, people_of
from ...text.number_text import joined, percent

STEPS = {  # where a documented reason meets the model: step, and the term of the choice
    "legal": ("law", ""),
    "security": ("choice", "risk"),
    "capacity": ("capacity", ""),
    "opinion": ("choice", "opinion"),
}
SHOWN = 6  # statements
NEGLIGIBLE = 0.005  # a term of less is written as 0


def evidence(found: Answers, row: Mapping[Any, Any]) -> str:
    """The documented answer and reasons, the model's, and the statements with their sources."""
    if row["reason"] == "renewal":
        return f'<p class="pk-small">{escape(stayed(found, row))}</p>'
    request = found.requests.get(str(row["request"]))
    if request is None or request["documented_answer"] == NOBODY_ASKED:
        return f'<p class="pk-small">{escape(wording.NOT_DOCUMENTED)}</p>'
    statements = documented_record.evidence(request)
    reasons = documented_reasons(statements)
    went = request["documented_answer"] == "accepted"
    lines = [
        say("{sentence}.", sentence=sentence(instead(found, request) or answered(request))),
        given(reasons, went),
    ]
    left = "".join(f"<p>{escape(line)}</p>" for line in lines)
    right = "".join(f"<p>{escape(text)}</p>" for text in model_says(found, row, reasons, went))
    items = "".join(statement(one) for one in statements[:SHOWN])
    if note := noted(request):
        items += f'<li lang="en">{escape(note)}</li>'
    return (
        '<section class="pk-evidence"><div class="pk-beside">'
        f"<div><h3>{escape(wording.RECORD_SAYS)}</h3>{left}</div>"
        f"<div><h3>{escape(wording.MODEL_SAYS)}</h3>{right}</div></div>"
        f"<details><summary>{escape(wording.STATEMENTS.format(count=items.count('<li')))}</summary>"
        f'<ul class="pk-statements">{items}</ul></details></section>'
    )


def stayed(found: Answers, row: Mapping[Any, Any]) -> str:
    """First and last month in which this kind was in the mission, for a renewal."""
    columns = ("state", "mission", "kind", "from", "to")
    spells = [
        (one["from"], one["to"] or world_end())
        for one in csv_rows.read(lookup.DATA / "contributions.csv", columns)
        if all(one[key] == row[key] for key in columns[:3])
    ]
    what = kind_name(row["kind"])
    if not spells:
        return wording.NEVER_THERE.format(what=what)
    begun, ended = (edge(months) for edge, months in zip((min, max), zip(*spells), strict=True))
    return wording.WAS_THERE.format(what=what, begun=begun, ended=ended)


def instead(found: Answers, request: Mapping[str, str]) -> str:
    """What was sent in place of what was asked, where it is documented as its own request."""
    parts = [
        _people(one)
        for one in found.requests.values()
        if one.get("part_of") == request["id"] and one["documented_answer"] == "accepted"
    ]
    if not parts or request["documented_answer"] == "accepted":
        return ""
    return wording.SENT_INSTEAD.format(
        what=joined(parts),
        asked=_people(request),
        month=request["answer_month"] or request["month"],
    )


def _people(request: Mapping[str, str]) -> str:
    """So many people of a kind, as a request has them."""
    return people_of(int(request["personnel"]), request["kind"])


def documented_reasons(statements: list[Entry]) -> list[str]:
    """Reasons that the sources give for not sending what was asked."""
    named = [part for one in statements for part in one.reasons.split("; ") if part]
    return list(dict.fromkeys(named))


def given(reasons: list[str], went: bool) -> str:
    """The documented reasons in a sentence: for a no, or against what ``went`` all the same."""
    if not reasons:
        return wording.NO_REASON
    return (wording.REASON_WEIGHED if went else wording.REASON_GIVEN).format(
        reasons=joined(wording.DOCUMENTED_REASONS[one] for one in reasons)
    )


def model_says(found: Answers, row: Mapping[Any, Any], reasons: list[str], went: bool) -> list[str]:
    """What stopped it in this run and over all runs; where each documented reason is in the model,
    and whether the two agree."""
    stopped = str(row["stopped_by"])
    here = (
        wording.MODEL_SENT
        if stopped == "nothing"
        else wording.MODEL_STOPPED.format(by=STOPS[stopped])
    )
    said = [wording.IN_RUN.format(run=found.run, what=here), over_runs(found, row)]
    parts = found.contributions(row)
    for reason in reasons:
        _, term = STEPS[reason]
        if term and stopped != "too_small":
            said.append(
                wording.REASON_IS_TERM.format(
                    reason=wording.DOCUMENTED_REASONS[reason].capitalize(),
                    term=wording.TERMS[term],
                    now=parts[term] if abs(parts[term]) >= NEGLIGIBLE else 0.0,
                )
            )
    if stopped in ("nothing", "too_small"):
        return said
    if went:
        said.append(wording.WENT)
    elif reasons:
        said.append(agreement(reasons, stopped, parts))
    return said


def agreement(reasons: list[str], stopped: str, parts: Mapping[str, float]) -> str:
    """Whether the model stopped where a documented reason lies, and its term did speak against."""
    terms = [term for step, term in map(STEPS.__getitem__, reasons) if step == stopped]
    if not terms:
        return wording.DIFFER
    weighs = any(not term or parts[term] <= -NEGLIGIBLE for term in terms)
    return wording.AGREE if weighs else wording.SAME_STEP


def over_runs(found: Answers, row: Mapping[Any, Any]) -> str:
    """What stopped the first answer to the request, as shares of the runs in which it was asked."""
    table = found.everything
    same = (table["request"] == row["request"]) & (table["kind"] == row["kind"])
    first = table[same & (table["reason"] != "renewal")].groupby("run").head(1)
    shares = first["stopped_by"].value_counts(normalize=True)
    told = [
        f"{wording.WENT_THROUGH if name == 'nothing' else STOPS[str(name)]} {percent(share)}"
        for name, share in shares.items()
    ]
    return wording.OVER_RUNS.format(runs=len(first), shares=say(", ").join(told))


def statement(one: Entry) -> str:
    """A documented statement with its date, id and source; addresses become links."""
    when = wording.BETWEEN.format(start=one.start, end=one.end) if one.end else written(one.start)
    when = when or wording.UNDATED
    return (
        f"<li><b>{escape(when)}</b> {escape(one.statement)} "
        f'<span class="pk-small"><code>{escape(one.id)}</code> {linked(one.source)}</span></li>'
    )


def linked(source: str) -> str:
    """A source, its addresses as links that open elsewhere."""
    parts = re.split(r"(https?://[^\s;,)]+)", source)
    return "".join(
        f'<a href="{escape(part)}" target="_blank" rel="noopener noreferrer">{escape(part)}</a>'
        if part.startswith("http")
        else escape(part)
        for part in parts
    )


def noted(request: Mapping[str, str]) -> str:
    """The note of a request, without the pace that it may open with, and its source."""
    note = note_of(request)
    source = wording.SOURCE_OF.format(source=request["source"]) if request.get("source") else ""
    return f"{sentence(note)}. {source}" if note else source


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
