"""Suggestions from what was said. Comes later."""
