"""One recipe per network: what it is trained with, and the loop's own numbers."""
