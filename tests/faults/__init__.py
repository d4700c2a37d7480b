"""Faults known from comparable programs, and those found by trying: each kind stays mended."""
