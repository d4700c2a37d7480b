"""What was observed beside what the model says of it: forecasts, replays, targets, scores.

Parameters are fitted to it in ``fitting``; it is reported by ``validation``.
"""
