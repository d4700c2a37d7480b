"""Each test is named for the claim that it checks."""
