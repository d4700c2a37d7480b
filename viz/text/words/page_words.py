"""Of the page: tour, tabs, controls, progress, and what Explore shows."""

from __future__ import annotations

LANGUAGE = "Language"
ENGLISH_ONLY = "This part is in English only."
UNCHECKED = "This translation has not been checked by a native reader; the English text decides."
TITLE = "Peacekeeping contribution policy"
STRAPLINE = "What states send to peace operations, and why: simulated and observed"

SKIP = "Skip to the results"
TOUR = {
    "offer": "Tour in six steps",
    "away": "Put away",
    "next": "Next",
    "back": "Back",
    "done": "Done",
}
TOUR_STEPS = (  # what it points at, title, text
    (
        ".pk-side",
        "Choose and move",
        "Choose a scenario, or move a lever. A first answer comes at once, from twenty runs; all "
        "runs follow in its place.",
    ),
    (
        ".pk-figure",
        "Read the chart",
        "Black is what was observed. The coloured line is the median over the runs, the bands are "
        "the middle 50% and 80% of them. Click a month for its map.",
    ),
    (
        "#tab-why",
        "Ask why",
        "Why takes one answer apart: law, capacity, choice, authorisation; what the sources say of "
        "it; and what would have turned it.",
    ),
    (
        "#tab-compare",
        "Ask what if",
        "Compare sets two histories side by side with the same random numbers, so that what "
        "differs comes from what you changed. Sweep varies two levers at once.",
    ),
    (
        "#tab-record",
        "Check it",
        "Law shows what was allowed when, Record every fact with its source, and Fit where the "
        "model meets its aims and where it misses them.",
    ),
    (
        ".pk-share",
        "Take it away",
        "The link holds all that you chose. Every chart is there as a picture and as numbers, and "
        "a comparison as a brief of two pages.",
    ),
)

TABS = {
    "explore": ("Explore", "Move a lever and see what Japan and Korea would send"),
    "why": ("Why", "Why a state answered as it did, and what would have changed the answer"),
    "compare": ("Compare", "Two scenarios with common random numbers"),
    "sweep": ("Sweep", "Two levers at once"),
    "law": ("Law", "What a state's law allows in any month, and what changed"),
    "fit": ("Fit", "How good the model is, and where it fails"),
    "record": ("Record", "Documented facts, with sources"),
}

CONTROLS = {
    "settings": "Settings of the simulation",
    "more": "Period, states, runs, levers and uncertainties",
    "scenario": "Scenario",
    "from": "From",
    "to": "To",
    "deciding": "Active states",
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

SCENARIO_FILE = "Save scenario file"
OPEN_FILE = "Open a scenario file"
OWN = "Own file"
BOTH, EVERY = "Scenario's own", "All states"
DOWNLOAD = "Download"
CHART = "Chart: {title}"
NOT_DRAWN = "The chart could not be drawn in this browser; its numbers are in the CSV."
PANELS = "Panels"
MOVES_TOGETHER = "Moves together: {what}."
TIP = (
    "{what}. Unit: {unit}. Range: {low} to {high}; documented value {value}. Status: {status}. "
    "Source: {source}."
)
PNG, SVG, CSV, XLSX = "PNG", "SVG", "CSV", "XLSX"

RUNNING = "Running {done:,} of {runs:,} runs"
STARTING = "Preparing the simulation"
COMPILING = "Compiling the rules, once for this version of the program; about a minute"
STOP = "Stop"
STOPPED = "Stopped at your request; the chart shows the last complete ensemble."
WENT_WRONG = (
    "Something went wrong inside the program; nothing you did is lost. Change a setting or reload."
)
EMPTY_UN = "No personnel in these missions, observed or simulated."

ASK_WHY_OF = "Or ask why:"
PEOPLE_IN = "Personnel in"
FRAMEWORKS = {"un": "UN missions", "coalition": "Coalitions", "other": "Other missions"}
SHOWN = {
    "all": "Both states",
    "kinds": "By kind",
    "resources": "Human resources",
    "dialogue": "Dialogue",
}
STOCKS = {
    "trained_staff": "trained for missions",
    "slots_used": "capacity in use",
    "training_support": "training given to others",
    "agreements": "agreements in force",
}
STOCK_TITLES = {
    "resources": "Human resources: personnel trained, and capacity in use",
    "dialogue": "Dialogue: training given to others, and agreements",
}
FIRST_ANSWER = "First answer, from {first} runs; all {runs:,} follow."
FAN_HELP = "Click a month for its map; click a mission in the chart at the end to ask why."
TIMELINE_EMPTY = "No mission, observed or in at least 30% of runs."

TRACED = "One run, month by month"
TRACED_HELP = (
    "One of {runs:,} runs: run {run}, seed {seed}. Play it, step through it, or "
    "click an answer to ask why."
)

CRITERIA = "The three criteria of the comparative study, {start} to {end}"
CRITERIA_HELP = (
    "Law and first participation, human resources, agreements and dialogue: documented and "
    "simulated, over the period set on the left."
)
CRITERIA_SHOW = "Show the table"
CRITERIA_DETAILS = "The cases behind the numbers"
