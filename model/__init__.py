"""The world, the rules by which states decide, and the engines that run them.

Nothing here knows of scenarios, of fitting or of ways to look at results.
"""
