"""The case: answers, timeline, referrals, listening queue."""
