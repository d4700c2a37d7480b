"""Damaged files and odd input end in one sentence or a right result."""
