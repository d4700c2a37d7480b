"""From a scenario to a result: the adapter to the model, runs, summaries, the observed series.

What differs between two scenarios is in ``comparison``; why a state answered, in ``explanation``.
"""
