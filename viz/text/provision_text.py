"""What a legal provision says, in words made from its own row: effect, kinds, who agrees, limits.

The notes of the table are remarks of those who coded it; ``law --notes`` prints them.
"""

import math
from collections.abc import Mapping

from babel.dates import get_month_names

from model.vocabulary import NUMBERS_READ

from ..language.spoken import Words, current, say, several
from .labels import authoriser, kind_name, personnel_of, state_name

EFFECTS = Words(
    {
        "allow": "allows {kinds}",
        "bar": "bars {kinds}",
        "freeze": "suspends what is allowed of {kinds}",
        "unfreeze": "lifts the suspension of {kinds}",
        "condition": "requires for {kinds}: {conditions}",
        "ceiling": "limits the number of personnel",
        "authorise": "requires authorisation for {kinds}",
        "exempt": "requires no vote on {kinds}",
        "prenegotiate": "lets terms for {kinds} be settled before the vote",
        "weapons": "opens {ease} of the use of weapons to {kinds}",
        "weapons_limit": "takes away {ease} of the use of weapons by {kinds}",
        "duty": "lets {kinds} be given the task to rescue others",
        "norm": "changes the political cost of sending {kinds} by {norms}",
        "term": "lets consent for {kinds} last {term} months",
        "exit": "ends the presence of {kinds} when a condition stays unmet",
        "supply": "lets supplies be given in place of {kinds}",
        "survey": "asks for the report of a survey before {kinds} are sent",
        "standing_force": "keeps {kinds} ready",
        "background": "is background: no rule of the model reads it",
    }
)
GROUPS = Words({"all": "all personnel", "all_units": "units", "all_individuals": "individuals"})
CONDITION_WORDS = Words(
    {
        "agreement_or_no_party": "a ceasefire agreement or no party to a conflict",
        "host_consent": "consent of the host",
        "impartial": "an impartial mandate",
        "no_combat_area": "no combat area",
        "no_current_combat": "no combat at present",
        "un_resolution": "a UN resolution",
        "un_resolution_or_host_request": "a UN resolution or a request of the host",
        "disaster_only": "a disaster",
        "hostilities_over": "an end of hostilities",
        "stable_consent": "stable consent of the host",
        "un_command": "UN command",
        "japan_linked_ships_only": "ships linked to Japan only",
    }
)
LOWERS = "lowers the political cost of sending {kinds} by {norms}"
RAISES = "raises the political cost of sending {kinds} by {norms}"
LIFTED = "gives back to {kinds} the use of weapons that {amends} took away"
NARROWED = "narrows the limit of {amends} on the use of weapons by {kinds} to {ease}"
NO_WEAPONS = "leaves {kinds} no use of weapons"
STEPS = Words(
    {
        1: "one of five steps",
        2: "two of five steps",
        3: "three of five steps",
        4: "four of five steps",
    }
)
ALLOWING = ("allow", "unfreeze", "authorise", "exempt")
UNSPOKEN = ("ceiling", "background")  # effects that may name no kind


def condition(name: str) -> str:
    """A condition of the law in words."""
    return CONDITION_WORDS.get(name.replace(" ", "_")) or say(name.replace("_", " "))


def says(provision: Mapping[str, str], state: str, *, crisis: bool = True) -> str:
    """The content of a provision in a clause; blank for one that marks a gap in the law.

    ``crisis``: with the months that a dispatch is reckoned to take, which bind where it is urgent.
    """
    effect = provision.get("effect", "")
    named = [part for part in provision.get("kinds", "").split(";") if part]
    if effect not in EFFECTS or not (named or effect in UNSPOKEN):
        return ""
    numbers = {name: provision.get(name, "") for name in NUMBERS_READ.get(effect, ())}
    required = provision.get("conditions", "")
    conditions = say(", ").join(map(condition, required.split(";"))) if required else ""
    norms = float(numbers.get("weight_norms") or 0)
    words = EFFECTS.english[effect]
    if effect == "norm":
        words = LOWERS if norms > 0 else RAISES
    if effect == "weapons" and not numbers["weapons_ease"]:
        words = LIFTED
    if effect == "weapons_limit" and provision.get("amends"):
        words = NARROWED
    ease = float(numbers.get("weapons_ease") or 0)
    if effect == "weapons_limit" and ease >= 1:
        words = NO_WEAPONS
    parts = [
        say(
            words,
            kinds=_kinds(named),
            conditions=conditions,
            amends=provision.get("amends", ""),
            ease=_share(ease),
            norms=f"{abs(norms):g}",
            term=numbers.get("term_months", ""),
        )
    ]
    if _steps(ease) in STEPS:
        parts.append(say("equal steps are an assumption"))
    allows = effect in ALLOWING
    if conditions and effect not in ("condition", "background"):
        parts.append(say("if {conditions}", conditions=conditions))
    if provision.get("host"):
        parts.append(say("only in {state}", state=state_name(provision["host"])))
    if numbers.get("term_ends"):
        month = get_month_names(locale=current())[int(float(numbers["term_ends"]))]
        parts.append(say("until the end of {month}", month=month))
    if numbers.get("ceiling"):
        parts.append(say("up to {people:,} people", people=int(float(numbers["ceiling"]))))
    if allows and provision.get("authoriser", "none") not in ("", "none"):
        parts.append(say("decided by the {who}", who=authoriser(provision["authoriser"], state)))
    if crisis or not allows:
        parts += _times(effect, numbers)
    return say("; ").join(parts)


def steps_left(least: float, most: float) -> str:
    """How much of the use of weapons is left, over kinds, in words of the command line."""
    if _steps(least) is None or _steps(most) is None:
        shares = dict.fromkeys(f"{100 * share:.0f}" for share in (least, most))
        return f"leave {' to '.join(shares)}% of the use of weapons"
    names = ("none", "one", "two", "three", "four", "five")
    told = dict.fromkeys(names[_steps(share) or 0] for share in (least, most))
    return f"leave {' to '.join(told)} of five steps of the use of weapons"


def _steps(ease: float) -> int | None:
    """A share of the use of weapons as steps of five; none where it lies between two."""
    number = round(5 * ease)
    return number if math.isclose(5 * ease, number, abs_tol=1e-6) else None


def _share(ease: float) -> str:
    steps = _steps(ease)
    return STEPS[steps] if steps in STEPS else f"{100 * ease:.0f}%"


def _kinds(named: list[str]) -> str:
    """The kinds of a provision; one that stands alone as people."""
    if len(named) == 1:
        return GROUPS.get(named[0]) or personnel_of(named[0])
    return say(", ").join(GROUPS.get(name) or kind_name(name) for name in named)


def _times(effect: str, numbers: Mapping[str, str]) -> list[str]:
    """What the months of a provision mean."""
    least, most = numbers.get("lead_min", ""), numbers.get("lead_max", "")
    if effect in ALLOWING:
        if least in ("", "0") and not most:
            return []
        span = _months(least) if least == most else _span(least, most)
        if not most:
            span = say("at least {months}", months=_months(least))
        return [say("reckoned at {months} from decision to arrival", months=span)]
    if effect == "exit" and least and most:
        return [
            say("suspended within {months}", months=_months(least)),
            say("ended within {months}", months=_months(most)),
        ]
    if effect == "survey" and most:
        return [say("takes {months}", months=_span(least, most))]
    if effect == "standing_force" and most:
        return [say("within {months}", months=_span(least, most))]
    if effect == "prenegotiate":
        return [say("saves up to {months} months of preparation", months=numbers["months_saved"])]
    return []


def _months(number: str) -> str:
    return several("{number} month", "{number} months", int(float(number)))


def _span(least: str, most: str) -> str:
    return say("{least} to {most}", least=least or 0, most=_months(most))
