"""A citizen's telephone: SIP and RTP over UDP, as much as a caller needs (decision 0005)."""
