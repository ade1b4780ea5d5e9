"""The phones that must be able to register: operators on duty, citizens' browsers."""

from collections.abc import Iterable
from typing import Protocol

from hotline.domain.queue.phones import PhoneWanted
from hotline.edges.adapters.telephony.ari.connection import Connection
from hotline.edges.adapters.telephony.ari.phones import (
    Phone,
    push_phone,
    pushed_phones,
    remove_phone,
)

REMOVED_AFTER = 8
"""A phone that was not wanted at so many looks in a row is removed: somebody who signs off for
a moment does not register anew."""


class Phones(Protocol):
    async def keep(self, wanted: Iterable[PhoneWanted]) -> None:
        """Exactly these can register from now on. Raises AriError."""
        ...


class PushedPhones:
    """Asterisk forgets them when it restarts: one of these a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pushed: dict[str, PhoneWanted | None] | None = None
        self._unwanted: dict[str, int] = {}

    async def keep(self, wanted: Iterable[PhoneWanted]) -> None:
        if self._pushed is None:
            self._pushed = dict.fromkeys(await pushed_phones(self._connection))
        names = set()
        for phone in wanted:
            names.add(phone.extension)
            if self._pushed.get(phone.extension) != phone:
                await push_phone(self._connection, _phone(phone))
                self._pushed[phone.extension] = phone
        self._unwanted = {
            name: self._unwanted.get(name, 0) + 1 for name in self._pushed if name not in names
        }
        for name, times in self._unwanted.items():
            if times >= REMOVED_AFTER:
                await remove_phone(self._connection, name)
                del self._pushed[name]


def _phone(wanted: PhoneWanted) -> Phone:
    return Phone(
        name=wanted.extension,
        password=wanted.password,
        browser=wanted.browser,
        caller=wanted.caller,
    )
