"""The grade of a request: how it first came, and how far that binds."""

from __future__ import annotations

from ..core.jit import rule
from ..vocabulary import GRADE_FORMAL_NOTE, GRADE_GENERAL_CALL, GRADE_LEADER, GRADE_OWN_STUDY


@rule
def binding(grade, general_call, sounding, leader):
    """How far the first contact binds, 0..1: an own study not at all, a formal note wholly.

    What lies between are steps, so that a lower grade never binds more.  A request whose first
    contact is not known counts as a sounding, the commonest.

    Args:
        grade: place in ``vocabulary.GRADES``.
        general_call, sounding, leader: 0..1, each a share of the way from the grade below it to
            the formal note.
    """
    if grade == GRADE_OWN_STUDY:
        return 0.0
    level = general_call
    if grade == GRADE_GENERAL_CALL:
        return level
    level += (1.0 - level) * sounding
    if grade == GRADE_LEADER or grade == GRADE_FORMAL_NOTE:
        level += (1.0 - level) * leader
    if grade == GRADE_FORMAL_NOTE:
        return 1.0
    return level
