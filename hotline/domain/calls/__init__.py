"""Phone calls and call-backs."""
