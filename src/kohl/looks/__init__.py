"""Looks: makeup as data, as files, as presets and as words. Needs neither torch nor cv2."""
