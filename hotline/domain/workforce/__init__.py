"""Operators: kinds, skills, presence. Comes with the switchboard's queue."""
