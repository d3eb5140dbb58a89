"""The metrics as the tables know them, shelf by shelf: with truth, transfer without truth, keeping, and those that need a model."""
