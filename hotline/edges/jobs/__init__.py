"""What the workers run; each job makes one call."""
