"""Scenarios as files: defined, run, compared, explained, swept and stored.

Knows the model only through ``running.model_adapter``; nothing here fits, draws or prints.
"""
