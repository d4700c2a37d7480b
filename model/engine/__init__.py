"""Running the months: one Mesa model to read, one compiled ensemble for speed, the same results.

Decisions are made in ``steps``; here they are only run, collected and read off.
"""
