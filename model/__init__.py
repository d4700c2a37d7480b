"""The world, the rules by which states decide, and the machinery that runs them."""
