"""Controls and parts that several tabs show; their texts are in ``viz.text.words``."""
