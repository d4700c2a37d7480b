"""Every text of the interface, so that another language needs only another of these tables."""
