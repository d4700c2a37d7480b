"""What compiled code is made of: the compiler's decorators, random draws, records, parameters.

Nothing here knows how a state decides; that is in ``rules`` and ``steps``.
"""
