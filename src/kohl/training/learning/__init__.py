"""`kohl learn`: from a folder of before/after pairs to a learned look, from the first check to the written file."""
