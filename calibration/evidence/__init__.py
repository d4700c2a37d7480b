"""What was observed and what the model says of it: forecasts, replays, targets, scores.

Parameters are fitted to it in ``fitting``; it is reported by ``validation``.
"""
