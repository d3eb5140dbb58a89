"""A learned look in other formats: every file is compared with the original before it is written."""
