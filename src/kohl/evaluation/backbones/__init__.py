"""Other people's networks for metrics that need one: loaded from a path that is given, never fetched, and only when a metric asks."""
