"""Which processes live, by their heartbeats."""
