"""What can go wrong before the hotline runs, said in a sentence a person can act on."""


class LauncherError(Exception):
    """A step could not be done.

    exit_code: 1 = a part failed; 2 = the machine or the settings do not allow it.
    """

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class NotPossibleError(LauncherError):
    """The person must change something first: a setting, a right, the machine."""

    def __init__(self, message: str) -> None:
        super().__init__(message, exit_code=2)


def last_lines(text: str, *, count: int = 12) -> str:
    """The last non-empty lines of a log, indented, for an error message."""
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines[-count:])
