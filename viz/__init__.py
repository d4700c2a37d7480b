"""Every way of looking and asking: charts, the command line, the page."""
