"""The weights of all contributors but Japan and Korea, fitted to who came, stayed and left.

Who was asked is not on record; so the chance of coming is that of being asked times that of a yes.
"""
