"""Tests of ``scenarios``; each is named for the claim that it checks."""
