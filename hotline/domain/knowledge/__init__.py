"""What operators and the callbot may answer at once. Comes later."""
