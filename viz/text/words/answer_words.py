"""Of one answer: the steps, the menu, the terms of the choice, and what the sources say of it."""

from __future__ import annotations

WHY = {
    "try": "Begin with a question:",
    "state": "State",
    "mission": "Mission or operation",
    "documented": "Documented:",
    "english": "In English:",
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
BEFORE = {  # an answer that the choice did not decide
    "law": "Had the law been open: {answer}",
    "capacity": "Had there been enough capacity: {answer}",
    "vote": "Before the vote: {answer}",
}
PROBABILITY = (
    "Chance of sending {kind} {probability:.2f} (bar); random draw of this run {draw:.2f} (line): "
    "yes if the line lies within the bar"
)
PROBABILITY_STAYS = (
    "Chance of staying {probability:.2f} (bar); random draw of this run {draw:.2f} (line): it "
    "stays if the line lies within the bar"
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
    "Black: the place asked about, with the fighting there, 0 to 1, as a survey found it where one "
    "went. In colour: where people were sent. Grey: the other sites."
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
    "foothold": "people in place",
    "task_done": "time there, work done",
    "partner_left": "the ally has less at stake",
    "drawdown": "mission is reduced",
    "occasion": "occasion to leave",
    "compensation": "in place of what it refused",
    "this month": "random draw of the month",
    "alternatives": "the rest of the menu",
}
WITH_HOST = "ties with the host"  # in place of the other side, where a scenario has such ties
WITH_HOST_MEANING = "stakes with the host, on whose side the operation is"
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
    "Each term adds to the wish to send {kind}, heaviest first, in log odds. Chance of sending "
    "{probability:.2f}, draw {draw:.2f}; the dashed line is the utility from which this draw says "
    "yes."
)
STAYING_HELP = (
    "Each term speaks for or against staying ({kind}), heaviest first, in log odds. Chance of "
    "staying {probability:.2f}, draw {draw:.2f}; the dashed line is the utility from which this "
    "draw says yes."
)

ABROAD = "Units abroad in the run then: {places}"
NOBODY_ABROAD = "No unit was abroad in the run then."

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
