"""The city as data: folders, checks, immutable versions."""
