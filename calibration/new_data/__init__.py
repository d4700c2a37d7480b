"""Newer files of the publishers: recognised, read, checked and added to a copy of the tables."""
