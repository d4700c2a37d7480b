"""Attempts to break what the model claims: signs, levers, exchanged states, extremes.

What came of them is in ``docs/limits.md``.
"""
