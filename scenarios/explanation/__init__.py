"""Why a state answered as it did, and what would have turned the answer.

Words for it are in ``viz.text``.
"""
