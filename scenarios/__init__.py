"""Scenarios as files: read, checked, run, compared and stored."""
