"""From the raw files of others and the coded record to the tables in ``model/data``.

Nothing here runs the model or fits a parameter.
"""
