"""Pictures to learn from: pairs and their registration, artists that are not our renderer, variations of given faces."""
