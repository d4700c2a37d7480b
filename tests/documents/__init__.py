"""The documents, the command in them, and the shape of a release are what they say."""
