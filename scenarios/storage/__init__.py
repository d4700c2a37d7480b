"""Files and folders: tables read and written whole, and where a result comes from.

What a result holds is in ``running``; what a scenario may say is in ``definition``.
"""
