"""Who is dialled, and who hears whom."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hotline.edges.adapters.telephony.fake.channel import TICK_S, Emit, FakeChannel, Joining, Ways
from hotline.edges.adapters.telephony.fake.refused import Refused

NO_ANSWER = 19


@dataclass(eq=False, kw_only=True)
class FakePhone:
    """Answers after so many seconds of the fake's time; None: rings and never answers.
    ``refuses`` is the cause (Q.850) with which it does not answer. ``calls`` are the channels
    that came to it, the latest last."""

    answers_after_s: float | None = 0.5
    refuses: int | None = None
    calls: list[FakeChannel] = field(default_factory=list)


class Bridges:
    """``members``: the channels of each bridge. ``phones``: who can be dialled, by endpoint."""

    def __init__(
        self,
        channels: dict[str, FakeChannel],
        ways: Ways,
        emit: Emit,
        *,
        is_watched: Callable[[], bool],
    ) -> None:
        self.members: dict[str, set[str]] = {}
        self.phones: dict[str, FakePhone] = {}
        self._channels = channels
        self._ways = ways
        self._emit = emit
        self._is_watched = is_watched
        self._dialling: set[asyncio.Task[None]] = set()
        self.routes: Mapping[str, Callable[..., Any]] = {
            r"POST channels/([^/]+)": self._originate,
            r"GET bridges": self._list,
            r"POST bridges/([^/]+)": self._make,
            r"POST bridges/([^/]+)/addChannel": self._add,
            r"POST bridges/([^/]+)/removeChannel": self._remove,
            r"DELETE bridges/([^/]+)": self._destroy,
        }

    def bridge_of(self, channel: str) -> str | None:
        return next((id_ for id_, inside in self.members.items() if channel in inside), None)

    def clear(self) -> None:
        """Everything is gone, as after kill -9."""
        for task in self._dialling:
            task.cancel()
        self.members.clear()

    def _originate(self, id_: str, given: Mapping[str, Any]) -> Any:
        if id_ in self._channels and not self._channels[id_].ended.is_set():
            raise Refused(409)
        phone = self.phones.get(given["endpoint"])
        if phone is None:
            raise Refused(500)
        channel = FakeChannel(
            id_,
            given.get("callerId", ""),
            self._ways,
            self._emit,
            arguments=given["appArgs"],
            up=False,
        )
        self._channels[id_] = channel
        phone.calls.append(channel)
        task = asyncio.create_task(self._ring(phone, channel, float(given["timeout"])))
        self._dialling.add(task)
        task.add_done_callback(self._dialling.discard)
        return channel.described()

    async def _ring(self, phone: FakePhone, channel: FakeChannel, most_s: float) -> None:
        after_s = most_s if phone.answers_after_s is None else min(phone.answers_after_s, most_s)
        try:
            async with asyncio.timeout(after_s / self._ways.speed):
                await channel.ended.wait()
                return
        except TimeoutError:
            pass
        if phone.refuses is not None:
            await channel.end(phone.refuses)
        elif phone.answers_after_s is None or phone.answers_after_s > most_s:
            await channel.end(NO_ANSWER)
        elif not self._is_watched():
            # who answers while our application is not there is hung up on by Asterisk
            channel.up = True
            await channel.end()
        else:
            channel.answered()

    def _list(self, _given: Mapping[str, Any]) -> Any:
        self._forget_ended()
        return [{"id": id_, "channels": sorted(inside)} for id_, inside in self.members.items()]

    def _make(self, id_: str, _given: Mapping[str, Any]) -> Any:
        if id_ in self.members:
            raise Refused(409)
        self.members[id_] = set()
        return {"id": id_}

    async def _add(self, id_: str, given: Mapping[str, Any]) -> None:
        if id_ not in self.members:
            raise Refused(404)
        joining = []
        for name in given["channel"].split(","):
            channel = self._channels.get(name)
            if channel is None or channel.ended.is_set():
                raise Refused(400)
            if not channel.ours:
                raise Refused(422)
            joining.append((channel, Joining(partial(self._move, name, id_))))
        for channel, command in joining:
            channel.add(command)
        for channel, command in joining:
            waits = {asyncio.create_task(one.wait()) for one in (command.done, channel.ended)}
            _done, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()

    def _move(self, channel: str, bridge: str) -> None:
        self._forget_ended()
        for inside in self.members.values():
            inside.discard(channel)
        if bridge in self.members:
            self.members[bridge].add(channel)

    async def _remove(self, id_: str, given: Mapping[str, Any]) -> None:
        if given["channel"] not in self.members.get(id_, set()):
            raise Refused(422)
        while (channel := self._channels.get(given["channel"])) and channel.hears_tone:
            await asyncio.sleep(TICK_S / self._ways.speed)
        self.members.get(id_, set()).discard(given["channel"])

    def _destroy(self, id_: str, _given: Mapping[str, Any]) -> None:
        if self.members.pop(id_, None) is None:
            raise Refused(404)

    def _forget_ended(self) -> None:
        for inside in self.members.values():
            for name in list(inside):
                channel = self._channels.get(name)
                if channel is None or channel.ended.is_set():
                    inside.discard(name)
