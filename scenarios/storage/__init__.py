"""Files and folders: tables read and written whole, and where a result comes from.

Also how results show themselves, and what a process forked during a call may not do.

What a result holds is in ``running``; what a scenario may say is in ``definition``.
"""
