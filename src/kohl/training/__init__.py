"""Learning: one readable loop, its checkpoints, and a recipe per network."""
