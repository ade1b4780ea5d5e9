"""Who resolves: agencies and their officers."""
