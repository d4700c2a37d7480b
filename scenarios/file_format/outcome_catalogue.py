"""The closed list of outcomes that an expectation may name: what each counts, in which unit.

Apart from ``expectations`` so that a file is checked without loading the engine.
"""

from typing import NamedTuple


class Measure(NamedTuple):
    """An outcome of one run over a span of months."""

    unit: str
    low: float
    high: float | None
    means: str
    narrowed: tuple[str, ...] = ("group", "mission", "kind")  # what it can be narrowed down to


NOBODY: tuple[str, ...] = ()

MEASURES: dict[str, Measure] = {
    "personnel": Measure("people", 0, None, "people in the field, averaged over the months"),
    "unit_presence": Measure(
        "share of months", 0, 1, "months with at least one formed unit in the field"
    ),
    "ever": Measure("share of runs", 0, 1, "runs with anybody there in any of the months"),
    "entries": Measure("entries", 0, None, "deployments that arrive, units unless a kind is named"),
    "exits": Measure("exits", 0, None, "deployments that leave, units unless a kind is named"),
    "assignments": Measure(
        "missions", 0, None, "missions that anybody arrives in, each counted once"
    ),
    "people_sent": Measure(
        "people", 0, None, "people who served, those of a presence relieved every six months"
    ),
    "lead_time": Measure(
        "months", 0, None, "from decision to arrival of routine entries, runs without any left out"
    ),
    "answers": Measure("answers", 0, None, "requests answered with anything but a refusal"),
    "refusals": Measure("answers", 0, None, "requests answered with nothing"),
    "substitutes": Measure("answers", 0, None, "requests answered with something else than people"),
    "opinion_un": Measure("share", 0, 1, "public support for UN operations", NOBODY),
    "opinion_coalition": Measure("share", 0, 1, "public support for coalitions", NOBODY),
    "casualty_memory": Measure("deaths", 0, None, "own deaths that still weigh", NOBODY),
    "attention": Measure(
        "incidents", 0, None, "hostages, killings and scandals that still weigh", NOBODY
    ),
    "experience": Measure("hundred person-months", 0, None, "experience kept", NOBODY),
    "trained_staff": Measure("people", 0, None, "officers and observers ready to go", NOBODY),
    "slots_used": Measure("slots", 0, None, "operations carried at once", NOBODY),
    "training_support": Measure("activities", 0, None, "training support abroad a month", NOBODY),
    "agreements": Measure("agreements", 0, None, "declarations and forums a month", NOBODY),
    "alliance_pressure": Measure("0..1", 0, 1, "how much the ally wants", NOBODY),
    "home_threat": Measure("0..1.5", 0, None, "threat at home", NOBODY),
    "suspended": Measure(
        "people", 0, None, "people in the field whose work a condition of the law suspends", NOBODY
    ),
}
DECIDED = ("answers", "refusals", "substitutes")  # read from traced decisions
MOVED = (
    "entries",
    "exits",
    "assignments",
    "people_sent",
    "lead_time",
)  # read from single deployments
STOCKS = tuple(name for name, measure in MEASURES.items() if not measure.narrowed)
