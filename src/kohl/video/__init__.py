"""Makeup on moving pictures: decoding and encoding, faces followed from frame to frame, and one painter for all kinds of look."""
