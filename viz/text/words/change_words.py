"""Of what would have changed an answer: in one run, and over the runs."""

from __future__ import annotations

TURNED, TURNED_YES = "What would have changed the answer", "What carried the answer"
TURNED_HELP = "One thing changed at a time; everything else, random draws included, stays fixed."
LOST = "it would have refused without '{term}' ({now:+.2f})"
NOTHING_LOST = "no single term: it would have accepted without any one of them"
LEFT = "it would have left without '{term}' ({now:+.2f})"
NOTHING_LEFT = "no single term: it would have stayed without any one of them"
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
OVER_GOES_FIRST = (
    "As things are, among the first {runs} of the {whole:,} runs, {share} of those asked send what "
    "is asked for."
)
OVER_STAYS_FIRST = (
    "As things are, among the first {runs} of the {whole:,} runs, it stays in {share} of those "
    "with such a renewal."
)
OVER_OPEN = "{sentence} So few runs leave undecided whether most do."
OVER_NEVER = "In none of {runs} runs is it asked."
OVER_LEVER = "{lever}: from {value} {way} (now {now}); at {end}, {share} go through"
OVER_UP, OVER_DOWN = "upwards", "downwards"
OVER_ABSENT = "none is asked, so none"
OVER_NO_LEVER = "No lever, anywhere in its range."
OVER_UNDECIDED = "{line} (undecided by so few runs)"
OVER_UNDECIDED_LEVERS = "Undecided by so few runs: {levers}."
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
