"""Diffusion as pure functions over (model, x, sigma): noise levels, preconditioning, samplers, and the Haar transform in place of a VAE."""
