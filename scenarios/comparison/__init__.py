"""Paired runs with common random numbers: what differs, where runs diverge, and what was expected.

One scenario alone is in ``running``.
"""
