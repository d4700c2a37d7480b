"""What a legal provision says, in words made from its own row: effect, kinds, who agrees, limits.

The notes of the table are remarks of those who coded it; ``law --notes`` prints them.
"""

from collections.abc import Mapping

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
}
GROUPS = {"all": "all personnel", "all_units": "units", "all_individuals": "individuals"}
ALLOWING = ("allow", "unfreeze", "authorise", "exempt")


def says(provision: Mapping[str, str], state: str) -> str:
    """The content of a provision in a clause; blank for one that speaks of no dispatch."""
    effect = EFFECTS.get(provision.get("effect", ""))
    named = [part for part in provision.get("kinds", "").split(";") if part]
    if effect is None or not (named or provision["effect"] == "ceiling"):
        return ""
    kinds = ", ".join(GROUPS.get(name) or kind_name(name) for name in named)
    conditions = provision.get("conditions", "").replace("_", " ").replace(";", ", ")
    parts = [effect.format(kinds=kinds, conditions=conditions)]
    allows = provision["effect"] in ALLOWING
    if conditions and allows:
        parts.append(f"if {conditions}")
    if provision.get("ceiling"):
        parts.append(f"up to {int(float(provision['ceiling'])):,} people")
    if allows and provision.get("authoriser", "none") not in ("", "none"):
        parts.append(f"decided by {authoriser(provision['authoriser'], state)}")
    least = provision.get("lead_min", "")
    if allows and least not in ("", "0"):
        months = "month" if least == "1" else "months"
        parts.append(f"in a crisis at least {least} {months} from decision to arrival")
    if provision["effect"] == "prenegotiate":
        parts.append(f"saves up to {provision['months_saved']} months of preparation")
    return "; ".join(parts)
