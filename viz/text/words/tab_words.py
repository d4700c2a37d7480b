"""Of the tabs Law, Record, Compare, Fit and Sweep, and of the run month by month."""

from __future__ import annotations

LAW_TAB = {
    "title": "What the law of {state} allows",
    "state": "State",
    "since": "Earlier month",
    "month": "Later month",
    "same": "Both months are the same; choose two different ones.",
    "changed": "What changed after {since}, up to {month}",
    "changes": "Provisions that entered into force or lapsed",
    "beside": "{since} and {month} side by side",
    "answers": "What the law answers in both months",
    "help": "Every condition is taken as met; what a mission must meet is listed after “if”. A law "
    "counts from the month in which it is in force.",
}
LAW_COLUMNS = ("Framework", "Kinds", "In {since}", "In {month}")
RECORD = {
    "search": "Words in the statement, mission or source",
    "about": "State",
    "category": "Category",
    "year": "Year",
    "any": "Any",
}
COLUMNS = ("When", "Who", "About", "Statement", "Source")
UNITED_NATIONS, EUROPEAN_UNION = "United Nations", "European Union"
FOUND = "{found:,} of {whole:,} documented statements"
MORE = "{more:,} more are not shown; narrow the search, or download all as CSV."
NOTHING_FOUND = "No statement matches. Remove a filter, or search for fewer words."
SEARCH_ENGLISH = (
    "The statements are in English and are searched in English; names and terms of the glossary "
    "are found in Japanese and Korean, too."
)
UNDATED = "undated"
BETWEEN = "{start} to {end}"
CONFIDENCE = "confidence"
DISAGREE = "Where sources disagree"

BESIDE = "Compared with"
WHAT_IF = "Begin with a question:"
WHAT_IFS = (  # question, scenario, levers; each compared with history
    ("What if Korea's participation act had come in 2000?", "korea-act-in-2000", ()),
    ("What if the ally had not asked?", "historical", (("alliance_pressure", 0.0),)),
    (
        "What if Japan's 2015 legislation had failed?",
        "japan-without-2015-legislation/debated-in-vain",
        (),
    ),
    (
        "What if Japan no longer needed a ceasefire agreement?",
        "japan-beyond-five-principles/consent",
        (),
    ),
)
COMPARE_HELP = (
    "The scenario on the left ({title}) compared with another, run by run with common random "
    "numbers."
)
COMPARED = "{other} compared with {base}: {runs:,} paired runs"
NO_DIFFERENCE = (
    "The two are the same in every month of every run. A scenario with variants (listed below "
    "it) changes nothing until you choose one of them."
)
OUTCOME_TABLE = (
    "Average month: personnel in each, and the share of runs with more, fewer or the same"
)
OUTCOME_COLUMNS = (
    "State",
    "Framework",
    "{base}",
    "{other}",
    "Difference",
    "Middle 80% of runs",
    "More in",
    "Fewer in",
    "Same in",
    "Runs needed",
)
IN_WORDS = "As text, with intervals"
BRIEF = "Brief of two pages"
BRIEF_HELP = (
    "Question, answer, figure, reasons with sources, what would change it, how far to trust it: as "
    "peacekeeping brief writes it."
)
BRIEF_MAKE = "Prepare the brief"
BRIEF_FILES = (("docx", "Word"), ("pdf", "PDF"), ("html", "HTML"))
DIVERGENCES = "Where and why runs diverge"
DIVERGENCES_HELP = (
    "Each mission once, at the first answer that differs; the largest effect comes first. "
    "Click a mission to see such an answer with its reasons."
)
DIVERGENCE_COLUMNS = (
    "Mission",
    "Mostly in",
    "Share of runs",
    "What changes",
    "Because",
    "Personnel, average month",
)
FIRST_PARTED = " (earliest {month})"
ASK_WHY = "Why: {state}, {mission}, {month}"
UNMOVED = "{title}, unchanged"
MOVED_TITLE = "{title}, with your changes"
MOVED_NAME = "{name} (changed)"
NO_DIVERGENCE = "No answer differs."

NO_LINK = "The scenario file is too large for a link."
TOML_HEADING = "# Settings from the web app. The same numbers on the command line:\n# {command}\n\n"
FIT = "How good the model is"
FIT_HELP = (
    "A forecast from {origin} on, which knows the mission calendar but nothing else of later date, "
    "is scored on what was observed until {until}. Missed targets are shown as missed."
)
RATIO = "Error relative to a no-change forecast"
MET, MISSED = "✓ met", "✗ missed"
AIM_BETWEEN, AIM_AT_MOST = "Aim: {low} to {high}", "Aim: at most {high}"
SKILL = "Skill compared with simple forecasts"
SKILL_HELP = (
    "Error is the continuous ranked probability score of log(1 + people): lower is better, and "
    "below 1.00 of persistence beats a no-change forecast. A well-calibrated 80% band covers 80%."
)
SKILL_GROUP = "Scored on"
SKILL_COLUMNS = (
    "Forecaster",
    "Error",
    "Of persistence",
    "In 50% band",
    "In 80% band",
    "In 95% band",
)
CASES = "{cases:,} state-years; the smallest error is in bold."
WHOLE_REPORT = "The rest of the report"
NO_REPORT = (
    "No validation report is shipped with this version. It would show the skill of the model in "
    "held-out years, compared with simple forecasts, and its known misfits."
)

ACROSS, DOWN, OUTCOME_OF = "Across", "Down", "Outcome"
PEOPLE = "people"
SWEPT = {
    "mean": "{state}: personnel in {group}, average month",
    "peak": "{state}: personnel in {group}, most in any month",
    "last": "{state}: personnel in {group}, last month",
}
NOT_SWEPT = "This state is not active in the settings on the left; choose another outcome."
ENDS_NOTE = "Each end is averaged over the values of the other lever."
FOLDER_HELP = (
    "Vary two levers of the settings on the left, or open a sweep that the command line has "
    "stored (peacekeeping sweep DESIGN)."
)
FOLDER = {
    "label": "Folder of a stored sweep",
    "example": "results/japan-after-2017",
    "open": "Open",
    "close": "Close",
}
SWEEP_HELP = (
    "{steps} values of {across} by {steps} of {down}, {runs} runs for each of the {cells} pairs "
    "with common random numbers: {all:,} runs, everything else as set on the left."
)
SWEEP_START = "Compute {runs:,} runs"
SWEEP_STOPPED = "Stopped at your request; nothing is kept."
SWEEP_EXAMPLE = (
    "An example to begin with: the historical scenario, {runs} runs in each cell. Choose levers "
    "and press the button for your own."
)
SWEPT_BEFORE = "The charts show earlier settings; compute again for the current ones."
SWEEP_TITLE = "{what}: {across} by {down}"
SWEEP_SUBTITLE = "Scenario: {scenario}. {runs} runs in each cell, seed {seed}, {start} to {end}."

PLAYER = {
    "player": "The run month by month",
    "back": "Previous month",
    "forward": "Next month",
    "step": "Step",
    "play": "Play",
    "pause": "Pause",
    "month": "Month",
    "jump": "Jump to",
    "run": "Run",
}
NO_ANSWER = "No requests and no renewals in this month of the run."
NOBODY_THERE = "No personnel of these states in any mission in {month} of this run."

EXPECTED_OUTCOMES = {  # of ``outcome_catalogue.MEASURES``
    "personnel": "personnel",
    "unit_presence": "months with a unit",
    "ever": "runs with anybody there",
    "entries": "arrivals",
    "exits": "departures",
    "assignments": "missions joined",
    "people_sent": "people who served",
    "lead_time": "time from decision to arrival",
    "answers": "requests not refused",
    "refusals": "requests refused",
    "substitutes": "requests answered with something else than people",
    "opinion_un": "public support for UN missions",
    "opinion_coalition": "public support for coalitions",
    "casualty_memory": "memory of own deaths",
    "attention": "attention to incidents",
    "experience": "experience kept",
    "trained_staff": "trained for missions",
    "slots_used": "capacity in use",
    "training_support": "training given to others",
    "agreements": "agreements in force",
    "alliance_pressure": "how much the ally wants",
    "home_threat": "threat at home",
    "suspended": "people whose work the law suspends",
}
EXPECTED_WAYS = {
    "up": "up",
    "down": "down",
    "zero": "no change",
    "up_or_zero": "up or no change",
    "down_or_zero": "down or no change",
    "unsigned": "no sign",
}
EXPECTED_KINDS = {"units": "units", "individuals": "individuals"}
