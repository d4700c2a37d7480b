"""Answers in words, the same on the command line, in reports and in the web app.

Tables of the terminal are in ``cli``; texts of the web app's controls are in ``wording``, which,
as it is imported from here, says each text in the language of the reader.
"""

from ..language.spoken import Texts
from . import wording as _english

wording = Texts(_english)
