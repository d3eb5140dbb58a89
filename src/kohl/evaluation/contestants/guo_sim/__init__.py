"""Digital face makeup by example (Guo & Sim 2009): one idea a file."""
