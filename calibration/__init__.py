"""The documented record with its sources, the data compiler, the calibration, and its scores.

How a state decides is in ``model``; how results look is in ``viz``.
"""
