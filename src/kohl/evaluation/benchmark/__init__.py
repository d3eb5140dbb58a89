"""What making up costs: milliseconds and memory of every method, stage and network, and what this machine could do at best."""
