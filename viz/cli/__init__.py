"""The command line: commands, their options, tables for the terminal.

Heavy imports wait inside the commands, so that help is instant; nowhere else.
"""
