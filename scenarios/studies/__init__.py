"""Questions that take many scenarios at once: the outlook, the timing of reforms, Japan in 2015.

Their pages are written by ``viz.reports``.
"""
