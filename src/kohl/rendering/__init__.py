"""Looks laid on faces: films of pigment in linear light, finishes, and lines drawn at the photo's own resolution."""
