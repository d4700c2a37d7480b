"""Questions that take many scenarios or a whole period: the outlook and the three criteria."""
