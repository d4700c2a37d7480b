"""The raw files of others: read from a folder that the user names, checked, and their gaps filled.

What is compiled from them is in ``compiler``.
"""
