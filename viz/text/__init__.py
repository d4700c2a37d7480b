"""Answers in words, the same on the command line, in reports and in the web app.

Tables of the terminal are in ``cli``; texts of the web app's controls are in ``words``, and
``wording``, as it is imported from here, says each of them in the language of the reader.
"""

from ..language.spoken import Texts
from .words import answer_words, change_words, page_words, tab_words

wording = Texts(page_words, answer_words, change_words, tab_words)
