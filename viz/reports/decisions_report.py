"""The report on documented decisions: what the model says of each, as CSV, JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd

from calibration.documented_decisions import decision_scores as scoring
from calibration.documented_decisions.decision_evidence import AHEAD, NOTICE_AT_MOST
from calibration.validation.markdown_table import markdown_table
from scenarios.storage import csv_export, provenance
from scenarios.storage.output_folder import OutputFolder

HEADS = {
    "log_score": "log score", "base_log_score": "of base rates", "brier": "Brier",
    "base_brier": "Brier of base rates", "auc": "AUC", "low": "from", "high": "to",
    "probability": "chance", "base": "base rate", "happened": "what happened",
}  # fmt: skip
SHOWN = ["id", "state", "mission", "month", "kind", "grade", "score", "done", "probability", "base"]
WHY = ["id", "mission", "month", "done", "probability", "gate", "stopped", "terms"]
TITLES = {
    "unit asked for": "Units asked for",
    "officers asked for": "Officers, observers, police and election observers asked for",
    "stay or leave": "Extensions, exits and stays after an incident",
    scoring.SIZE: "Size at an extension",
    "vote": "Votes",
}
METHOD = (
    "Each decision is put to the model in its month: every state has done until then what is "
    "recorded, the survey that a request needs has been made, and nothing is asked but what was "
    "decided in that month. Japan and Korea decide from then on. `chance` is that of what was "
    "done: (k + 1/2) / (n + 1) for k of n runs, so that none is nought or one and nothing is "
    "clipped. `base rate` is how often the same was done in all other decisions of the kind, by "
    "the same formula. The log score is minus the logarithm of the chance, and lower is better."
)
RULES = (
    "An answer counts if it comes in that month or the next, because a law holds from the "
    "end of its first month. A unit is `sent` as asked or smaller; `instead` stands for "
    "officers, money, equipment, instructors or an operation of its own. A presence that was "
    f"prolonged must be there when the term ends, at most {AHEAD} months later; one that was "
    "ended must be gone a month after it left, or after the usual notice; it is judged from the "
    "decision, or from "
    f"{NOTICE_AT_MOST} months before it left. Where the mission itself ends in between, every "
    "run knows it, and the exit is listed and not scored. The term ends in the month of the "
    "decision. A motion is the first of a run that comes to a vote "
    "within a year. Asks whose answer is not known, asks that were never made and changes "
    "of hat are left out. Its "
    "weights are fitted to most of these decisions: this is no test of foresight, which "
    "[the fit](decision_fit.md) gives with missions left out."
)


def write(
    frame: pd.DataFrame, place: OutputFolder, command: Sequence[str], runs: int, seed: int
) -> list[str]:
    """Write ``decisions.csv``, ``.json`` and ``.md``; returns the names of all."""
    tables = {
        "scores": scoring.scores(frame, seed),
        "calibration": scoring.calibration(frame),
        "by_evidence": scoring.by_evidence(frame),
        "worst": scoring.worst(frame),
    }
    plain = {name: json.loads(t.round(4).to_json(orient="records")) for name, t in tables.items()}
    texts = {
        "decisions.csv": csv_export.as_csv(frame.round(4)),
        "decisions.json": json.dumps({"runs": runs, "seed": seed, **plain}, indent=1).encode(),
        "decisions.md": markdown(frame, tables, runs, seed).encode(),
    }
    for name, content in texts.items():
        (place.new / name).write_bytes(content)
    manifest = {"content": "decisions", "program": provenance.describe(command)}
    return list(place.commit(manifest)["files"])


def markdown(frame: pd.DataFrame, tables: dict[str, pd.DataFrame], runs: int, seed: int) -> str:
    """The report as Markdown."""
    parts = [
        "# How likely the model holds what was decided",
        "Written by `peacekeeping validate --decisions --out DIR`; change the model, not this "
        "page.",
        f"{len(frame[frame['question'] != scoring.SIZE])} documented decisions of Japan and "
        f"Korea, {runs} runs each, seed {seed}.",
        METHOD,
        RULES,
        sentence(tables["scores"]),
        "## Scores",
        markdown_table(tables["scores"], HEADS),
        "## Calibration",
        "The chance of yes (sent, stays, carried) in five bins, and how often it was yes.",
        markdown_table(tables["calibration"], HEADS),
        "## By what the coding says",
        "Mean chance of yes against the share of yes: units by first contact, site (0 quiet to 3), "
        "kind and the finding of a survey; exits and stays by their first trigger.",
        markdown_table(tables["by_evidence"], HEADS),
        f"## The worst {len(tables['worst'])}",
        markdown_table(tables["worst"][WHY], HEADS),
    ]
    for question, title in TITLES.items():
        own = frame[frame["question"] == question]
        if len(own):
            own = own.assign(score=[f"{n:.0f}" if n == n else "" for n in own["score"]])
            parts += [f"## {title}", markdown_table(own[SHOWN], HEADS)]
            unscored = own[~own["scored"]]
            if len(unscored):
                parts.append("Not scored: " + ", ".join(unscored["id"]) + ".")
    return "\n\n".join(parts) + "\n"


def sentence(scores: pd.DataFrame) -> str:
    """Which questions the model answers better than the base rates."""
    both = scores[scores["among"] == "both states"]
    better = both["log_score"] < both["base_log_score"]
    good, bad = (list(both.loc[chosen, "question"]) for chosen in (better, ~better))
    told = []
    if good:
        told.append(f"Better than the base rates: {', '.join(good)}.")
    if bad:
        told.append(f"Worse than the base rates: {', '.join(bad)}.")
    return " ".join(told)
