"""Tests of ``viz``; each is named for the claim that it checks."""
