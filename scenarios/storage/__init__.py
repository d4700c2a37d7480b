"""Files and folders: tables read and written whole, and where a result comes from;
how results show themselves, and what a forked process may not do.

What a result holds is in ``running``; what a scenario may say is in ``definition``.
"""
