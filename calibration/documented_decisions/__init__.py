"""What Japan and Korea were asked, did, prolonged and ended, and what the model says of each.

The evidence as typed records, the chance that the model gives to what was done in the documented
situation of that month, and the scores of these chances.
"""
