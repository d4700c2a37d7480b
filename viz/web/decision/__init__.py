"""One answer in full: verdict, steps, evidence, and what would have changed it."""
