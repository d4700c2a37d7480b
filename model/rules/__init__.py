"""How a state decides, as small pure functions on numbers, each with its source.

No function here sees the world or a run; ``steps`` hands over what a rule needs.
"""
