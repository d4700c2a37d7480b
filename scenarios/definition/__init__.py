"""Whether a scenario file makes sense: loading, checks, composition, the law, the library.

Nothing here runs the model.
"""
