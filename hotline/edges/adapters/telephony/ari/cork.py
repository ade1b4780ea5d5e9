"""What is written together leaves together: each packet wakes the other side up, and costs as
much as all that stands in it."""

import os
import socket
from types import TracebackType
from typing import Self

TCP_CORK: int | None = getattr(socket, "TCP_CORK", None)
"""Linux has it; elsewhere each frame leaves alone."""
INTERNET = (socket.AF_INET, socket.AF_INET6)


class Cork:
    """A context for writes to one TCP connection; whatever they are, they leave at its end.
    A ``connection`` that is not TCP's has no cork."""

    def __init__(self, connection: socket.socket | None) -> None:
        self._socket: socket.socket | None = None
        if connection is not None and connection.family in INTERNET and TCP_CORK is not None:
            # the loop's own object gives no access to options
            self._socket = socket.socket(fileno=os.dup(connection.fileno()))

    def __enter__(self) -> Self:
        self._set(True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._set(False)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _set(self, held: bool) -> None:
        if self._socket is not None and TCP_CORK is not None:
            self._socket.setsockopt(socket.IPPROTO_TCP, TCP_CORK, held)
