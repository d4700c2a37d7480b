"""Controls and parts that several tabs show, and every text of the interface."""
