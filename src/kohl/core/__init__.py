"""What everything stands on: errors, arrays, regions, and the door that pictures pass."""
