"""Every text of the interface, so that another language needs only another of these tables."""

from __future__ import annotations

TITLE = "Peacekeeping contribution policy"
STRAPLINE = "What states send to peace operations, and why: a simulation beside the record"

TABS = {
    "explore": ("Explore", "Move a lever and see what Japan and Korea would send"),
    "why": ("Why", "Why a state answered as it did, and what would have turned it"),
    "compare": ("Compare", "Two scenarios under the same luck"),
    "sweep": ("Sweep", "Two levers at once"),
    "fit": ("Fit", "How good the model is, and where it fails"),
    "record": ("Record", "What is documented, with sources"),
}

CONTROLS = {
    "settings": "Settings of the simulation",
    "scenario": "Scenario",
    "from": "From",
    "to": "To",
    "deciding": "States that decide",
    "runs": "Runs",
    "seed": "Seed",
    "levers": "Levers",
    "reset_all": "Reset all",
    "reset": "Reset",
    "about": "About",
    "uncertainties": "Uncertainties",
    "find": "Find an uncertainty",
}
SHARE = {"copy_link": "Copy link", "copied": "Link copied"}

SCENARIO_FILE = "Scenario file"
OPEN_FILE = "Open a scenario file"
OWN = "Own file"
BOTH, EVERY = "Scenario's own", "All states"
DOWNLOAD = "Download"
PNG, SVG, CSV = "PNG", "SVG", "CSV"

RUNNING = "Running {done:,} of {runs:,} runs"
STARTING = "Preparing the world"
STOP = "Stop"
STOPPED = "Stopped after your request; the chart shows the last complete ensemble."
WENT_WRONG = (
    "Something went wrong inside the program; nothing you did is lost. Change a setting or reload "
    "the page."
)
EMPTY_UN = "Nobody of this state is in such missions, in the record or in a run."

PEOPLE_IN = "People in"
FRAMEWORKS = {"un": "UN missions", "coalition": "Coalitions", "other": "Other missions"}
SHOWN = {"all": "Both states", "kinds": "By kind"}
FAN_HELP = "Click a month to see the map of it; click a mission below to ask why."
TIMELINE_EMPTY = "No mission is recorded, nor simulated in three runs of ten."

TRACED = "One run, month by month"
TRACED_HELP = (
    "A single history among the {runs:,}: run {run}, seed {seed}. Play it, step through it, or "
    "click an answer to ask why."
)

SOON = "This tab is being built."
