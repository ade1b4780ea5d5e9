"""People and their personal data, sealed under a key of each person."""
