"""Colour spaces, colour difference and skin tone; pure numpy, float32 arrays of shape (..., 3) in and out."""
