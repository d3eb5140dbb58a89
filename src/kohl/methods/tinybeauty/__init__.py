"""One look in a network of at most 80,000 parameters: a face crop in, the makeup's residual out."""
