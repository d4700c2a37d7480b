"""What a legal provision says, in words made from its own row: effect, kinds, who agrees, limits.

The notes of the table are remarks of those who coded it; ``law --notes`` prints them.
"""

from collections.abc import Mapping

from model.vocabulary import NUMBERS_READ

from .labels import authoriser, kind_name

EFFECTS = {
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
    "norm": "{moves} the political cost of sending {kinds} by {norms}",
    "term": "lets consent for {kinds} last {term} months",
    "exit": "ends the presence of {kinds} when a condition stays unmet",
    "supply": "lets supplies be given in place of {kinds}",
    "survey": "asks for the report of a survey before {kinds} are sent",
    "standing_force": "keeps {kinds} ready",
    "background": "is background: no rule of the model reads it",
}
GROUPS = {"all": "all personnel", "all_units": "units", "all_individuals": "individuals"}
LIFTED = "gives back to {kinds} the use of weapons that {amends} took away"
ALLOWING = ("allow", "unfreeze", "authorise", "exempt")
UNSPOKEN = ("ceiling", "background")  # effects that may name no kind


def says(provision: Mapping[str, str], state: str) -> str:
    """The content of a provision in a clause; blank for one that marks a gap in the law."""
    effect = provision.get("effect", "")
    named = [part for part in provision.get("kinds", "").split(";") if part]
    if effect not in EFFECTS or not (named or effect in UNSPOKEN):
        return ""
    numbers = {name: provision.get(name, "") for name in NUMBERS_READ.get(effect, ())}
    conditions = provision.get("conditions", "").replace("_", " ").replace(";", ", ")
    conditions = conditions.replace("un resolution", "UN resolution")
    norms = float(numbers.get("weight_norms") or 0)
    words = EFFECTS[effect]
    if effect == "weapons" and not numbers["weapons_ease"]:
        words = LIFTED
    parts = [
        words.format(
            kinds=", ".join(GROUPS.get(name) or kind_name(name) for name in named),
            conditions=conditions,
            amends=provision.get("amends", ""),
            ease=f"{100 * float(numbers.get('weapons_ease') or 0):.0f}%",
            moves="lowers" if norms > 0 else "raises",
            norms=f"{abs(norms):g}",
            term=numbers.get("term_months", ""),
        )
    ]
    allows = effect in ALLOWING
    if conditions and effect not in ("condition", "background"):
        parts.append(f"if {conditions}")
    if numbers.get("ceiling"):
        parts.append(f"up to {int(float(numbers['ceiling'])):,} people")
    if allows and provision.get("authoriser", "none") not in ("", "none"):
        parts.append(f"decided by {authoriser(provision['authoriser'], state)}")
    parts += _times(effect, numbers)
    return "; ".join(parts)


def _times(effect: str, numbers: Mapping[str, str]) -> list[str]:
    """What the months of a provision mean."""
    least, most = numbers.get("lead_min", ""), numbers.get("lead_max", "")
    if effect in ALLOWING:
        if least in ("", "0") and not most:
            return []
        span = _months(least) if least == most else f"{least or 0} to {_months(most)}"
        if not most:
            span = f"at least {_months(least)}"
        return [f"in a crisis {span} from decision to arrival"]
    if effect == "exit" and least and most:
        return [f"suspended within {_months(least)}", f"ended within {_months(most)}"]
    if effect == "survey" and most:
        return [f"takes {least or 0} to {_months(most)}"]
    if effect == "standing_force" and most:
        return [f"within {least or 0} to {_months(most)}"]
    if effect == "prenegotiate":
        return [f"saves up to {numbers['months_saved']} months of preparation"]
    return []


def _months(number: str) -> str:
    return f"{number} month" if number == "1" else f"{number} months"
