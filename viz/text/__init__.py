"""Answers in words, the same on the command line, in reports and in the web app.

Tables of the terminal are in ``cli``, texts of the web app's own controls in ``web``.
"""
