"""The documented record, the compiler of the tables, the fit to the record, and its scores."""
