"""Every way of looking and asking: words, charts, reports, the command line, the web app.

Nothing here decides or computes a result; it asks ``scenarios`` and ``calibration``.
"""
