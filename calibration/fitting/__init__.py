"""Calibrated parameters: priors, the sampler, the posterior, recovery of a known truth.

How well the fitted model forecasts is in ``validation``.
"""
