"""Curves drawn at the photo's own resolution: liner and lashes."""
