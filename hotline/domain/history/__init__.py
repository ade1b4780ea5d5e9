"""What happened, append-only; holds no personal data in clear."""
