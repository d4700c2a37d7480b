"""From tables and settings to the arrays that every run shares and none changes.

What changes in a run is in ``steps``; how a table is compiled from its sources is in
``calibration.compiler``.
"""
