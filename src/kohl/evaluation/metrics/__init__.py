"""Metrics: pure functions of pictures and faces, one idea per file; each says its source, range and which way is better.

Pictures are (H, W, 3) float32 sRGB in [0, 1], masks (H, W) in [0, 1]. Nothing in here knows a method.
"""
