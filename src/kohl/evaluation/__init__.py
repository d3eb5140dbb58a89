"""Honest numbers for any makeup method: `metrics` are pure functions; benchmarks and reports stand on them."""
