"""What a legal provision says, in words made from its own row: effect, kinds, who agrees, limits.

The notes of the table are remarks of those who coded it; ``law --notes`` prints them.
"""

from collections.abc import Mapping

from babel.dates import get_month_names

from model.vocabulary import NUMBERS_READ

from ..language.spoken import Words, current, say, several
from .labels import authoriser, kind_name, state_name

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
    parts = [
        say(
            words,
            kinds=say(", ").join(GROUPS.get(name) or kind_name(name) for name in named),
            conditions=conditions,
            amends=provision.get("amends", ""),
            ease=f"{100 * float(numbers.get('weapons_ease') or 0):.0f}%",
            norms=f"{abs(norms):g}",
            term=numbers.get("term_months", ""),
        )
    ]
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
