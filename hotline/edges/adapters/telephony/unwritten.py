"""Callers who rang and whom the database does not know yet, because it is away or because the
connection to Asterisk broke first. Whoever hangs up meanwhile would be lost."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from hotline.edges.adapters.telephony.call import Call


@dataclass(frozen=True, slots=True)
class Rang:
    number: str | None
    at: datetime


class Unwritten:
    """In memory only: a switchboard that dies forgets them, the dialplan's notes do not."""

    def __init__(self) -> None:
        self._rang: dict[str, Rang] = {}

    async def take(
        self, call: Call, channel: str, number: str | None, *, at: datetime, found: bool = False
    ) -> None:
        """Drive a new call. It is known afterwards, unless it was cut short before it was
        written: then it is taken up again, or missed."""
        self._rang.setdefault(channel, Rang(number, at))
        try:
            await call.take(number, found=found)
        except BaseException:
            if call.is_known:
                self.done(channel)
            raise
        self.done(channel)

    def missed(self, *, there: Collection[str], before: datetime) -> list[tuple[str, Rang]]:
        """Who rang before ``there``, everybody on the line, was asked for, and is gone."""
        return [
            (channel, rang)
            for channel, rang in self._rang.items()
            if channel not in there and rang.at < before
        ]

    def done(self, *channels: str) -> None:
        """These are known now, or noted as missed."""
        for channel in channels:
            self._rang.pop(channel, None)
