"""The errors that the hotline raises on purpose.

An edge turns a ``Refusal`` into a sentence for the person and changes nothing;
anything else is a fault of ours.
"""


class HotlineError(Exception):
    """Root of every error that this project raises on purpose."""


class Refusal(HotlineError):
    """What was asked cannot be done; nothing was changed.

    ``code`` names the reason for programs; ``str(error)`` is the reason in English
    and serves as the message id of its translation.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NotFound(Refusal):
    """It does not exist, or this person may not know that it does."""

    def __init__(self, message: str = "There is nothing here under this name.") -> None:
        super().__init__("not_found", message)


class Stale(Refusal):
    """Somebody else changed it since it was read."""

    def __init__(self, message: str = "Somebody changed this while you were writing.") -> None:
        super().__init__("stale", message)


class AdapterError(HotlineError):
    """An outside system did not do what it was asked.

    ``permanent`` tells the caller whether trying again can help.
    """

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent
