"""From a few before/after pairs to thousands: residual diffusion, told by the examples which makeup it is."""
