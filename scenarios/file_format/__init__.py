"""What may be written in a scenario file: keys, events, cells, outcomes, and where each line is.

Whether a file makes sense is judged in ``definition``.
"""
