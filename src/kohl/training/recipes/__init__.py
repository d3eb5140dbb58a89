"""One recipe per network that kohl ships or trains: a dataclass of settings, and a function that a command line runs."""
