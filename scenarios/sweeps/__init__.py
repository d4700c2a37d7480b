"""Many configurations of a scenario: design, sampling, chunks, executors, store, sensitivity.

A single scenario is in ``running``.
"""
