"""The tiny backbone's fixtures."""

from tiny_diffusion import backbone, fresh, sd_folder

__all__ = ["backbone", "fresh", "sd_folder"]
