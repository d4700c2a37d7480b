"""Writing decisions down: a filter, a row, and no influence on anything."""

from __future__ import annotations

from . import records, utility_terms
from .jit import shared_step, step

NOT_TRACED = -1


@step
def is_traced(run, month, state, mission):
    """Whether the filter wants decisions of this state on this mission in this month."""
    return (
        run.traced_states[state] == 1
        and run.traced_missions[mission] == 1
        and run.traced_months[0] <= month <= run.traced_months[1]
    )


@shared_step
def write_down(run, month, state, reason, ask):
    """Write the proposal as a decision row if the filter wants it; returns its number or -1.

    The outcome is filled in when the answer is known.
    """
    draft = run.proposal[0]
    if not is_traced(run, month, state, draft.mission):
        return NOT_TRACED
    slot = run.counts[records.DECISIONS]
    if slot >= run.decisions.size:
        return NOT_TRACED
    row = run.decisions[slot]
    row.month = month
    row.state = state
    row.mission = draft.mission
    row.kind = draft.kind
    row.framework = draft.framework
    row.asked = draft.people
    row.reason = reason
    row.crisis = draft.crisis
    row.ask = ask
    row.gate = draft.gate
    row.provision = draft.provision
    row.conditions = draft.conditions
    row.authoriser = draft.authoriser
    row.utility = draft.utility
    row.probability = draft.probability
    row.draw = draft.draw
    row.support = draft.support
    row.upper = draft.upper
    row.present = draft.present
    row.partner = draft.partner
    row.finding = draft.finding
    row.used = draft.used
    row.comfort = draft.comfort
    row.site = draft.site
    row.offered_site = -1
    row.grade = 0
    row.ready = draft.ready
    row.pool = draft.pool
    row.alliance_most = draft.alliance_most
    row.stopped = draft.stopped
    row.outcome = -1
    row.offered_kind = -1
    row.offered = 0
    row.lead = 0
    row.substitute = 0
    for i in range(utility_terms.COUNT):
        run.decision_terms[slot, i] = run.terms[i] * run.parameters[state, i]
    for i in range(utility_terms.COUNT, run.terms.size):
        run.decision_terms[slot, i] = run.terms[i]
    run.counts[records.DECISIONS] = slot + 1
    return slot
