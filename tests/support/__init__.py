"""Small worlds, invented engines and digests that several tests share; no test is here."""
