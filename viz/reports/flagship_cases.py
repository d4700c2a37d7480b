"""The page of the cases that a specialist asks about first: documented, simulated, judged.

``python -m viz.reports.flagship_cases [--runs 200]`` puts every decision to the model again and
writes ``docs/flagship_cases.md``.  The judgements are by hand, in
``calibration/record/flagship_cases.csv``; every figure is computed.
"""

import argparse
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from calibration.documented_decisions.decision_chances import RUNS, Chance
from calibration.documented_decisions.flagship_evidence import (
    HALF,
    OTHER,
    RIGHT,
    WRONG,
    FlagshipCase,
    measured,
    sided,
)
from model.months import month_text
from scenarios.explanation.counterfactuals import OF_EXTENSION, RANGES

from ..text import wording
from ..text.labels import GATES, kind_name, mission_name, state_name

PAGE = Path(__file__).parents[2] / "docs" / "flagship_cases.md"
REASONS = 3  # terms told with a decision
LEAST = 0.05  # log odds of a term that is worth a word
JUDGED = {
    RIGHT: "right answer for the right reason",
    OTHER: "right answer for another reason",
    WRONG: "wrong",
}
DONE = {"sent": "sent", "nothing": "nothing sent", "instead": "something else sent",
        "stays": "stays", "leaves": "leaves"}  # fmt: skip
STOPPED = {"law": "the law stops it", "capacity": "capacity lacks", "vote": "the vote fails"}
METHOD = """Each decision is put to the model in its month, with all before as recorded, as in
[decisions](decisions.md). `chance` is that of what was done. `same side` is the chance that people
went, or stayed, if and only if they did: money in place of a refusal counts as a refusal. `free
runs` is the share of freely running histories in which what is named holds, with its aim. The
reasons are the step that stops most runs, or the terms that weigh most on the side of most runs,
with their mean in log odds."""


def page(cases: Sequence[FlagshipCase], runs: int) -> str:
    """The page as Markdown."""
    counts = {name: sum(case.judgement == name for case in cases) for name in JUDGED}
    lines = [
        "# The cases that a specialist asks about first",
        "",
        "Written by `python -m viz.reports.flagship_cases`; change the model, or the judgements in "
        "`calibration/record/flagship_cases.csv`, not this page.",
        "",
        f"Of {len(cases)} cases, {counts[RIGHT]} have the {JUDGED[RIGHT]}, {counts[OTHER]} have "
        f"the {JUDGED[OTHER]}, and {counts[WRONG]} are wrong. The judgements are by hand, against "
        f"the sources named. The figures are of {runs} runs with the weights in use.",
        "",
        " ".join(METHOD.split()),
        "",
        "| case | documented | lowest on the same side | free runs | judgement | cause |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_row(case) for case in cases]
    doubtful = [case for case in cases if is_doubtful(case)]
    if doubtful:
        named = "; ".join(map(title, doubtful))
        lines += [
            "",
            "Judged by the decision that the case is known for; in a later one, which the cause "
            f"names, most runs are on the other side: {named}.",
        ]
    for case in cases:
        lines += _section(case)
    return "\n".join(lines) + "\n"


def title(case: FlagshipCase) -> str:
    """A case by its state and name."""
    return f"{state_name(case.state)}, {case.name}"


def is_doubtful(case: FlagshipCase) -> bool:
    """Whether a case that is not judged wrong has a decision that most runs do not share."""
    return case.judgement != WRONG and case.lowest < HALF


def _row(case: FlagshipCase) -> str:
    free = "; ".join(f"{name}: {share:.2f} ({aim})" for name, share, aim in case.measured)
    cells = (
        title(case), case.documented, _chance(case.lowest), free, JUDGED[case.judgement],
        case.cause,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _section(case: FlagshipCase) -> Iterator[str]:
    """A case in full: its decisions with chances and reasons, and the grounds of the judgement."""
    yield from ("", f"## {title(case)}", "")
    yield f"Documented: {case.documented} ({case.source.replace(';', ', ')})."
    if case.chances:
        yield from (
            "",
            "| decision | done | chance | same side | law | first reasons |",
            "| --- | --- | --- | --- | --- | --- |",
        )
        yield from map(_decision, case.chances)
    yield from ("", f"{JUDGED[case.judgement].capitalize()}. {_sentence(case.grounds)}")
    if case.cause:
        yield from ("", f"What falls short: {_sentence(case.cause)}")


def _decision(found: Chance) -> str:
    one = found.decision
    kinds = ", ".join(kind_name(kind) for kind in one.kinds)
    what = f"{month_text(one.month)} {mission_name(one.mission)}: {kinds}"
    gate, _, provision = found.gate.partition(" ")
    law = f"{GATES[gate]} {provision}".strip() if gate in GATES else ""
    cells = (
        what, DONE[one.done], _chance(found.probability),
        _chance(sided(found)) if found.runs else "not put", law, reasons(found),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def reasons(found: Chance) -> str:
    """What stops most runs, or what weighs most on the side of most runs."""
    if not found.runs:
        return ""
    stop = found.stopped.partition(" ")[0]
    if stop in STOPPED:
        return STOPPED[stop]
    staying = found.decision.event in ("extension", "stay", "exit")
    stays = staying and found.yes >= HALF
    sign = 1.0 if found.yes >= HALF and not stays else -1.0
    heavy = sorted(
        (
            name
            for name in (OF_EXTENSION if staying else RANGES)
            if sign * found.terms.get(name, 0.0) >= LEAST
        ),
        key=lambda name: -abs(found.terms[name]),
    )
    told = ", ".join(_term(name, found, staying) for name in heavy[:REASONS])
    if not stays:
        return told
    return f"extension is the rule; against it {told}" if told else "extension is the rule"


def _term(name: str, found: Chance, staying: bool) -> str:
    names = {**wording.TERMS, **(wording.STAYING if staying else {})}
    return f"{names[name]} {found.terms[name]:+.1f}"


def _chance(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2f}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each month")
    asked = parser.parse_args(arguments)
    PAGE.write_text(page(measured(asked.runs), asked.runs), encoding="utf-8")


if __name__ == "__main__":
    main()
