"""The front of the house: `studio.Studio` for one photo, `batch` for many, `samples` and `sheet` to look at."""
