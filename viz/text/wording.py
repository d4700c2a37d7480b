"""Every text of the interface, so that another language needs only another of these tables."""

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
WHY = {
    "try": "Begin with a question:",
    "state": "State",
    "mission": "Mission or operation",
    "documented": "Documented:",
}
EXAMPLES = (  # state, mission, answer to show, question
    (
        "JPN",
        "UNMIS",
        "REQ-JPN-044:cheaper",
        "Why did Japan send two officers, not engineers, to Sudan in 2008?",
    ),
    ("JPN", "UNMISS", "2017-03:engineer:refused", "Why did Japan's engineers leave South Sudan?"),
    ("KOR", "UNIFIL", "REQ-KOR-026:accepted", "Why did Korea send infantry to Lebanon?"),
    ("KOR", "MNF-I", "REQ-KOR-020:accepted", "Why did Korea go to Iraq?"),
)
ASKED_IN = " (asked {years})"
ASKED, NOT_ASKED = "Asked for, as documented", "Others"
ASKED_FOR, ROUND_FOR = "{month}: asked for {what}", "{month}: open call for {what}"
OUTCOMES = "How often each answer was given: {state} and {mission}, {runs:,} runs"
OUTCOMES_HELP = (
    "Click a share to see the reasons in a run with that answer (the one closest to history)."
)
REACHED = "asked in {percent:.0f}% of the runs"
SHARE_TIP = "{percent:.1f}% of the runs: {what}. Show one such run."
NEVER_ASKED = "{state} was not asked about {mission} in any run, and no request is documented."
NOT_IN_RUN = "In run {run} it was not asked; click a share below to see a run in which it was."
ONE_RUN = "{state} and {mission}: run {run} in detail (seed {seed})"
ANSWERS_OF = "Answers of run {run}"
MORE_RENEWALS = "Show {count} renewals in which it stayed"
OUTCOME = {
    "accepted": "accepted",
    "smaller": "a smaller unit",
    "cheaper": "officers instead",
    "substitute": "something else instead",
    "deferred": "deferred",
    "refused": "refused",
}
STEPS = {
    "law": "1 Law: may it?",
    "capacity": "2 Capacity: can it?",
    "choice": "3 Choice: will it?",
    "vote": "4 Authorisation: who agrees?",
}
STOPPED_HERE = "stopped here"
NO_INSTRUMENT = "no instrument covers this"
LOAD = "Load of the service"
LOAD_OF = (
    "{used:.2f} in use, {after:.2f} with this unit; {comfort:.2f} is carried with ease (1: a unit "
    "of the usual size)"
)
FREE = "{free} free, {needed} needed"
SEATS = "{share:.0f}% in support, over {needed:.0f}% needed"
NO_CAPACITY = "This needs no scarce capacity."
FACTORS = "The five factors for authorising a deployment"
FACTORS_HELP = (
    "Those of the study group on Japan's engagement in UN peacekeeping of 2011 (JSG-016), with the "
    "terms of the choice that represent each: weight times value. Before the five: {law}."
)
YES, NO = "Yes", "No"
PROBABILITY = (
    "Probability {probability:.2f} (bar); random draw of this run {draw:.2f} (line): yes if the "
    "line lies within the bar"
)
NOT_REACHED = "Not reached: the law stopped it."
NO_VOTE = "No vote is needed."
NO_VOTE_REACHED = "No vote was held."
PARTNER_REFUSES = "The coalition partner refuses."
REST = {  # of a utility, beside its terms
    "this month": "random draw of this renewal",
    "alternatives": "competition from the rest of the menu: places, sizes, officers, own operation",
}
MENU = "What was on the menu"
SITES_OF = "Where: the sites of {mission}"
SITES_HELP = (
    "Black: the place asked about, with the survey's finding of fighting there, 0 to 1. In colour: "
    "where people were sent. Grey: the other sites."
)
SITE_FINDING = "fighting {finding:.2f}"
SITE_SENT = "sent here"
MENU_TITLE = "{state}, {month}: what could be answered to the request for {kind}"
MENU_HELP = (
    "Bars: chance of each alternative in this run. Worth: its utility. Without a bar: shut, and by "
    "what."
)
MENU_CHOSEN = "chosen"
MENU_NOTHING = "send no personnel now"
MENU_RECORD = "Documented: {record}"
TERMS = {  # of the choice, short enough for a label next to a bar
    "intercept": "general willingness",
    "ask": "asked by name",
    "alliance": "the ally's request",
    "distance": "distance",
    "access": "distance from the sea",
    "region": "own region",
    "affinity": "votes like those there",
    "status": "status goals",
    "need": "strength not yet filled",
    "opinion": "public support",
    "attention": "incidents still followed",
    "risk": "danger to its personnel",
    "robustness": "force in the mandate",
    "gap": "ceasefire in doubt",
    "consent": "consent of the host",
    "threat": "threat at home",
    "cabinet": "strength of the cabinet",
    "congestion": "load of the service",
    "place": "another place",
    "size": "fewer than asked for",
    "norms": "political norms",
    "other_side": "ties with the other side",
    "experience": "past deployments",
    "capability": "size of its forces",
    "wealth": "income",
    "presence": "own personnel there",
    "task_done": "time there, work done",
    "partner_left": "the ally has less at stake",
    "drawdown": "mission is reduced",
    "occasion": "occasion to leave",
    "compensation": "in place of what it refused",
    "this month": "random draw of the month",
    "alternatives": "the rest of the menu",
}
STAYING = {  # terms of a presence that is extended unless something has changed
    "intercept": "extended as a rule",
    "risk": "danger that has grown",
    "congestion": "other load of the service",
}
STAYING_MEANING = {
    "intercept": "extension is the rule: how firmly this state holds to this mission",
    "risk": "fighting that has grown since it came x exposure of the kind x casualty aversion",
    "congestion": "cost of the other load on the same service",
    "task_done": "years in place beyond the first, and tasks completed",
    "partner_left": "how far the ally's own stake has fallen",
    "drawdown": "the mission is being reduced or wound up",
}
CHOICE_YES = "{state}'s choice in {month}: why it was a yes"
CHOICE_NO = "{state}'s choice in {month}: why it was a no"
CHOICE_HELP = (
    "Each term adds to the wish to send {kind}, heaviest first, in log odds. Probability "
    "{probability:.2f}, draw {draw:.2f}; the dashed line is the utility from which this draw says "
    "yes."
)
STAYING_HELP = (
    "Each term speaks for or against staying ({kind}), heaviest first, in log odds. Probability "
    "{probability:.2f}, draw {draw:.2f}; the dashed line is the utility from which this draw says "
    "yes."
)
TURNED, TURNED_YES = "What would have changed the answer", "What carried the answer"
TURNED_HELP = "One thing changed at a time; everything else, random draws included, stays fixed."
LOST = "it would have refused without '{term}' ({now:+.2f})"
NOTHING_LOST = "no single term: it would have accepted without any one of them"
MOVED = (
    "'{term}' at {needed:+.2f} instead of {now:+.2f} would have been enough (at its best "
    "{reach:+.2f}: {words})"
)
NO_TERM = "no single term would have been enough"
NEAREST = (
    "the nearest is '{term}': {now:+.2f}, where {needed:+.2f} is needed; at best it is "
    "{reach:+.2f} ({words})"
)
AMONG_OTHERS = ", among other things"
NOTHING_SINGLE = (
    "No single change is enough; the law would at least need a new permission for {kind} in such "
    "missions."
)
BEHIND_YES = "otherwise it would have accepted"
BEHIND_NO = "even then it would have declined"

LEVERS_TURN = "Levers that alone would have changed it"
LEVER_LINE = "{lever}: {needed} instead of {now}; then {outcome}"
NO_LEVER = "None, anywhere in its range."
LEVERS_TRIED = "Testing every lever in this run …"
LAW_TURNS = "Provisions that alone would have changed it"
LAW_LINE = "{change}; then {outcome}"
LAW_TRIED = "Testing every provision of the law in this run …"
NO_LAW = (
    "None. Each of the {count} provisions of its law was struck out, kept, brought forward or "
    "eased in turn, and a new permission tested: no single change of law changes this answer."
)
NO_LAW_STOPS = (
    "None. Each of the {count} provisions of its law was struck out, kept or brought forward in "
    "turn, and the one that permits it tightened: no single change of law changes this answer."
)
AMENDED = {
    "unconditional": "without its conditions ({what})",
    "unvoted": "decided by the cabinet, without a vote of the {legislature}",
    "unlimited": "without its ceiling of {what} personnel",
    "conditional": "with one more condition ({what})",
    "voted": "with a prior vote of the {legislature}",
    "earlier": "in force by {what} instead of {since}",
    "kept": "not lapsed in {what}",
    "repealed": "struck out",
    "permitted": "A new permission for {kind} in such missions, decided by the cabinet",
}
OR = ", or "
ABSENT_THEN = {False: "it is no longer asked", True: "it has no personnel there any more"}
STAYS, LEAVES = "stays", "leaves"
TRIED_HELP = (
    "The smallest move of each lever and the smallest change of each provision, held for the whole "
    "period; everything else, random draws included, is unchanged. What came before the answer "
    "may then differ, too."
)

OVER_TITLE = "What would have turned it, over {runs} runs"
OVER_HELP = (
    "Each lever along its range and each provision struck out, with the same random draws. An "
    "answer is turned where most runs that are asked answer otherwise, from that value on."
)
OVER_TRIED = "Testing every lever and every provision over {runs} runs …"
OVER_GOES = "As things are, {share} of the {asked} runs that are asked send what is asked for."
OVER_STAYS = "As things are, it stays in {share} of the {asked} runs with such a renewal."
OVER_NEVER = "In none of {runs} runs is it asked."
OVER_LEVER = "{lever}: from {value} {way} (now {now}); at {end}, {share} go through"
OVER_UP, OVER_DOWN = "upwards", "downwards"
OVER_ABSENT = "none is asked, so none"
OVER_NO_LEVER = "No lever, anywhere in its range."
OVER_MOVES = "{lever} ({low} to {high})"
OVER_OTHERS = "Moved by other levers, but not turned: {levers}."
OVER_LAW_TURNS = "{title} [{provision}] struck out: {share} go through instead of {now}"
OVER_LAW_MOVES = "{title} [{provision}] struck out moves it, without turning it: {share}, now {now}"
OVER_NO_LAW = "None of the {count} provisions in force, struck out alone."
OVER_LEVERS, OVER_LAW = "Levers", "Provisions of law"
OVER_CHART = "{state} and {mission}: share of runs that go through, by lever"
OVER_CHART_HELP = (
    "{kind} in {month}. Large dot: the present value. Dashed: half. Upright: from where on most "
    "answer otherwise."
)
OVER_AXIS = "share that goes through"
ONE_RUN_ONLY = "In this one run alone (an illustration: small changes turn single runs)"

STATEMENTS = "{count} documented statements with sources"
RECORD_SAYS, MODEL_SAYS = "What the sources say", "What the model says"
NOT_DOCUMENTED = "No such request is documented; the model drew it."
SENT_INSTEAD = "asked for {asked}, it sent {what} instead, decided in {month}"
WAS_THERE = "Documented: {what} of this state there between {begun} and {ended}."
NEVER_THERE = "Documented: no {what} of this state there in any month."
NO_REASON = "The sources give no reason."
REASON_GIVEN = "The sources give this reason: {reasons}."
REASON_WEIGHED = "It was accepted; the sources name against it: {reasons}."
DOCUMENTED_REASONS = {
    "legal": "law",
    "security": "security",
    "capacity": "capacity",
    "opinion": "opinion",
}
IN_RUN = "Run {run}: {what}."
MODEL_SENT = "it went through"
MODEL_STOPPED = "stopped by {by}"
OVER_RUNS = "First answers over {runs:,} runs: {shares}."
WENT_THROUGH = "went through"
REASON_IS_TERM = "{reason} enters the choice as '{term}': {now:+.2f} here."
AGREE = "The model gives the same reason as the sources."
WENT = "The model stops where history went on; treat its reason with caution."
DIFFER = "The model gives a different reason than the sources; treat it with caution."
SAME_STEP = (
    "The model stops at the same step, but this reason hardly weighs in it; treat it with caution."
)
SOURCE_OF = "Source: {source}."

LAW_TAB = {
    "title": "What the law of {state} allows",
    "state": "State",
    "since": "From",
    "month": "To",
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
UNITED_NATIONS = "United Nations"
FOUND = "{found:,} of {whole:,} documented statements"
MORE = "{more:,} more are not shown; narrow the search, or download all as CSV."
NOTHING_FOUND = "No statement matches. Remove a filter, or search for fewer words."
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

ABROAD = "Units abroad in the run then: {places}"
NOBODY_ABROAD = "No unit was abroad in the run then."

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
