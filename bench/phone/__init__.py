"""A citizen's telephone: SIP and RTP over UDP, as much as a caller needs (docs/decisions/0008)."""
