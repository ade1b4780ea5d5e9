"""Which agency a case goes to, and why."""
