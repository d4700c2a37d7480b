"""The named terms of a state's utility, in the order in which a trace shows them.

Each term is a number the model computes; its weight is the parameter of the same name with the
prefix ``weight_`` (shared by all states, plus a state's own deviation).  Every term gives a
constant of this module: ``RISK`` is the place of ``risk``.
"""

from __future__ import annotations

MEANING = {
    "intercept": "willingness in general for this class of contribution (unit, officer, police)",
    "ask": "the state was asked by name: grade of the first contact; a leader's weight adds to it",
    "alliance": "request of the pivotal ally: embeddedness x dependence x salience",
    "distance": "distance from capital to theatre, thousands of kilometres",
    "access": "distance of a unit on land from the nearest seaport, thousands of kilometres",
    "region": "the mission lies in the state's own region",
    "affinity": "closeness of voting in the General Assembly to those already there",
    "status": "dated goals: Council campaign or seat, summit, chair",
    "need": "share of the strength asked for that is unfilled",
    "opinion": "public support for this framework, centred",
    "attention": "hostages, killings of own nationals and scandals that the public still follows",
    "risk": "fighting near the force x exposure of the kind x casualty aversion",
    "robustness": "force level and protection mandate",
    "gap": "gap between the cabinet's reading of the ceasefire and events",
    "consent": "consent of the host that is strained or missing (UN missions)",
    "threat": "threat at home (units only)",
    "cabinet": "strength of the cabinet, centred",
    "congestion": "convex cost of using more of a service than is comfortable",
    "place": "another place than the one asked for",
    "size": "share of the people asked for, as a logarithm",
    "other_side": "stakes with the side that the operation is directed against",
    "norms": "political norms in force that weigh on such a dispatch",
    "experience": "the state's own record of past deployments",
    "capability": "active forces (logarithm, centred)",
    "wealth": "income per head (logarithm, centred): reimbursement matters less to the rich",
    "presence": "people of this state already in the mission",
    "foothold": "people in place over the usual size of their kind, as a logarithm (renewals only)",
    "task_done": "years in place beyond the first, and tasks completed (renewals only)",
    "partner_left": "the pivotal partner has left (renewals only)",
    "drawdown": "the mission is being reduced (renewals only)",
    "occasion": "something has changed since the last extension (renewals only)",
    "compensation": "a larger request was just refused: the cheaper thing makes up for it",
}

NAMES: tuple[str, ...] = tuple(MEANING)
COUNT = len(NAMES)

globals().update({name.upper(): place for place, name in enumerate(NAMES)})


def __getattr__(name: str) -> int:
    """Refuse a constant without a term; its type is what tells checkers that the others exist."""
    raise AttributeError(f"there is no term {name.lower()!r}")
