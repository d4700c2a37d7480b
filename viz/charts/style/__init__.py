"""What every figure shares: colours, layout, the parts of a specification, saving to files."""
