"""Documents and reports that the program writes from its own data and results.

The prose of documents is in ``docs``; charts come from ``charts``.
"""
