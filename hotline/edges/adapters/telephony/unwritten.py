"""Callers who rang and whom the database does not know yet, because it is away or because the
connection to Asterisk broke first. Whoever hangs up meanwhile would be lost."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hotline.edges.adapters.telephony import missed
from hotline.edges.adapters.telephony.call import Call

NOTE_AFTER_S = 1.0
"""A caller is written down within milliseconds, or something is wrong."""


@dataclass(frozen=True, slots=True)
class Rang:
    number: str | None
    at: datetime


class Unwritten:
    """In memory, and after a moment as a note in ``folder`` too, beside those of the dialplan:
    for whoever comes after a switchboard that dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rang: dict[str, Rang] = {}
        self._notes: dict[str, Path] = {}

    async def take(
        self, call: Call, channel: str, number: str | None, *, at: datetime, found: bool = False
    ) -> None:
        """Drive a new call. It is known afterwards, unless it was cut short before it was
        written: then it is taken up again, or missed."""
        self._rang.setdefault(channel, Rang(number, at))
        loop = asyncio.get_running_loop()
        timer = loop.call_later(NOTE_AFTER_S, self._note_unless_known, call, channel)
        try:
            await call.take(number, found=found)
        except BaseException:
            if call.is_known:
                self.done(channel)
            raise
        finally:
            timer.cancel()
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
            if (note := self._notes.pop(channel, None)) is not None:
                note.unlink(missing_ok=True)

    def _note_unless_known(self, call: Call, channel: str) -> None:
        if call.is_known or (rang := self._rang.get(channel)) is None:
            return
        note = missed.note_ringing(self._folder, unique_id=channel, number=rang.number, at=rang.at)
        if note is not None:
            self._notes[channel] = note
