"""Layers that networks share, one idea per class."""
