"""Tests of ``model``; each is named for the claim that it checks."""
