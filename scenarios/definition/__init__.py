"""What a scenario file may say: schema, events, checks, the library, the law that follows.

Nothing here runs the model.
"""
