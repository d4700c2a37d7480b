"""Personnel by month: bands over runs against the observed line, alone and compared."""
