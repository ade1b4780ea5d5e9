"""Whether a PostgreSQL server takes log-ins, asked in its own protocol without a password."""

import socket
import struct

_PROTOCOL = 3 << 16


def why_not_ready(port: int, *, host: str = "127.0.0.1", timeout_s: float = 2.0) -> str:
    """Empty if the server asks for a password, else one sentence (absent, starting, full).

    The log-in is broken off before the password, so nothing is left behind.
    """
    body = struct.pack("!I", _PROTOCOL) + b"user\0hotline\0database\0hotline\0\0"
    try:
        with socket.create_connection((host, port), timeout=timeout_s) as line:
            line.sendall(struct.pack("!I", len(body) + 4) + body)
            answer = line.recv(4096)
            if answer[:1] == b"R":
                return ""
            if answer[:1] == b"E":
                return f"PostgreSQL says: {_message(answer[5:])}"
            return "something else than PostgreSQL answers"
    except OSError as error:
        return f"PostgreSQL does not answer: {error}"


def _message(fields: bytes) -> str:
    """The message field (M) of an error: fields are a letter and a zero-ended text each."""
    for field in fields.split(b"\0"):
        if field[:1] == b"M":
            return field[1:].decode(errors="replace")
    return "an error without a message"
