"""What the fake Asterisk does not do."""


class Refused(Exception):
    """``status`` is the HTTP status of the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
