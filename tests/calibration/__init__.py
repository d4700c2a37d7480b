"""Tests of ``calibration``; each is named for the claim that it checks."""
