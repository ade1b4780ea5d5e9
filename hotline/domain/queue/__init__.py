"""Who waits for whom. Comes with the switchboard's queue."""
