"""What stands in Asterisk beside the callers: operators, third parties, and who hears whom."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from hotline.edges.adapters.telephony.ari.asking import AriError
from hotline.edges.adapters.telephony.ari.client import GONE, Ari, Bridge, Channel
from hotline.edges.adapters.telephony.causes import UNSEEN
from hotline.edges.adapters.telephony.moments import moment

OPERATOR, LEG, OUTSIDE = "op-", "leg-", "out-"
TALK = "talk-"
OTHERS = (OPERATOR, LEG, OUTSIDE)
FAR_END = ";2"
"""Asterisk ends so the name of a Local channel's other half: nobody's, it lives and dies with
ours (a line of the demonstration's exchange has one)."""
REMEMBERED_S = 60.0
"""How long it is known why a channel ended."""
RING_TONE = "tone:ring"
"""That of the country that Asterisk's indications name. It sounds until it is stopped, and who
hears it hears and says nothing else, and can be brought nowhere else."""
STOPS_WITHIN_S, ASK_EVERY_S = 1.0, 0.02


def operator_channel(offer: UUID) -> str:
    return f"{OPERATOR}{offer}"


def leg_channel(leg: UUID) -> str:
    return f"{LEG}{leg}"


def talk_bridge(offer: UUID) -> str:
    return f"{TALK}{offer}"


def _ring(channel: str) -> str:
    return f"ring-{channel}"


def is_other(channel: str) -> bool:
    """Whether a channel was dialled by us: its id says so."""
    return channel.startswith(OTHERS) and not channel.endswith(FAR_END)


def id_in(name: str) -> UUID | None:
    """The offer's or leg's id in a channel's name."""
    try:
        return UUID(name.partition("-")[2])
    except ValueError:
        return None


@dataclass(slots=True)
class Other:
    """Somebody whom we dialled; ``since`` is when we knew of them (the loop's clock)."""

    id: str
    up: bool
    since: float


class Floor:
    """Kept by Asterisk's events and by what we ask of it; ``see`` corrects it by what Asterisk
    lists. ``ringing``: operators who hear the tone of a phone that rings, or may, for they were
    here before us. Verbs raise AriError."""

    def __init__(self, ari: Ari) -> None:
        self._ari = ari
        self.others: dict[str, Other] = {}
        self.bridges: dict[str, float] = {}
        self.ringing: set[str] = set()
        self._where: dict[str, str] = {}
        self._inside: dict[str, set[str]] = {}
        self._ended: dict[str, tuple[int, float]] = {}
        self._leaving: dict[str, int] = {}

    # --- what is known ----------------------------------------------------------------

    def is_up(self, channel: str) -> bool:
        other = self.others.get(channel)
        return other is not None and other.up

    def bridge_of(self, channel: str) -> str | None:
        return self._where.get(channel)

    def inside(self, bridge: str) -> set[str]:
        return set(self._inside.get(bridge, ()))

    def why_ended(self, channel: str) -> int | None:
        """The cause (Q.850); None if it is not known that the channel ended."""
        found = self._ended.get(channel)
        return found[0] if found is not None else None

    def dialled(self, channel: str) -> None:
        self._ended.pop(channel, None)
        self.others[channel] = Other(channel, up=False, since=moment())

    def came(self, channel: str) -> None:
        other = self.others.setdefault(channel, Other(channel, up=True, since=moment()))
        other.up = True

    def leaves(self, channel: str, cause: int) -> None:
        """Why it will be gone in a moment."""
        if channel in self.others:
            self._leaving[channel] = cause

    def gone(self, channel: str, cause: int | None) -> None:
        """Any channel's end, a caller's too; it may be said twice."""
        self._leave(channel)
        if is_other(channel):
            self.others.pop(channel, None)
            self.ringing.discard(channel)
            why = self._leaving.pop(channel, UNSEEN if cause is None else cause)
            self._ended.setdefault(channel, (why, moment()))

    # --- looking ----------------------------------------------------------------------

    def see(self, channels: Iterable[Channel], bridges: Iterable[Bridge], *, asked: float) -> None:
        """What Asterisk listed when it was asked at ``asked``; what came later stays."""
        listed = {channel.id: channel for channel in channels}
        for id_, channel in listed.items():
            if is_other(id_) and id_ not in self._ended:
                if channel.up and id_ not in self.others and id_.startswith(OPERATOR):
                    self.ringing.add(id_)
                self.others.setdefault(id_, Other(id_, up=channel.up, since=asked))
                self.others[id_].up |= channel.up
        for id_, other in list(self.others.items()):
            if id_ not in listed and other.since < asked:
                self.gone(id_, UNSEEN)
        self.bridges = {bridge.id: self.bridges.get(bridge.id, asked) for bridge in bridges}
        self._where, self._inside = {}, {}
        for bridge in bridges:
            for inside in bridge.channels & listed.keys():
                self._enter(inside, bridge.id)
        self._ended = {
            id_: (cause, at)
            for id_, (cause, at) in self._ended.items()
            if at > asked - REMEMBERED_S
        }

    # --- doing ------------------------------------------------------------------------

    async def join(self, bridge: str, channels: Iterable[str]) -> None:
        """Into the bridge, which is made if it is not there. Nothing may sound on them."""
        joining = sorted(channels)
        if bridge not in self.bridges:
            await self._ari.make_bridge(bridge)
            self.bridges[bridge] = moment()
        await self._ari.join(bridge, joining)
        for channel in joining:
            self._enter(channel, bridge)

    async def part(self, channel: str) -> None:
        await self.end_ring(channel)
        bridge = self._where.get(channel)
        if bridge is not None:
            await self._ari.part(bridge, channel)
            self._leave(channel)

    async def end_bridge(self, bridge: str) -> None:
        await self._ari.end_bridge(bridge)
        self.bridges.pop(bridge, None)

    async def hang_up(self, channel: str) -> None:
        await self._ari.hang_up(channel)

    async def ring(self, channel: str) -> None:
        """An operator in a bridge hears that somebody is rung."""
        self.ringing.add(channel)
        try:
            await self._ari.play(channel, [RING_TONE], playback=_ring(channel))
        except AriError as error:
            if error.status not in GONE:
                raise

    async def end_ring(self, channel: str) -> None:
        """Returns once nothing rings there any more."""
        if channel not in self.ringing:
            return
        if await self._ari.is_playing(_ring(channel)):
            await self._ari.stop_playback(_ring(channel))
            give_up = moment() + STOPS_WITHIN_S
            while await self._ari.is_playing(_ring(channel)):
                if moment() > give_up:
                    raise AriError("a ringing tone does not stop")
                await asyncio.sleep(ASK_EVERY_S)
        self.ringing.discard(channel)

    # --- inside -----------------------------------------------------------------------

    def _enter(self, channel: str, bridge: str) -> None:
        """Out of the one where it was."""
        self._leave(channel)
        self._where[channel] = bridge
        self._inside.setdefault(bridge, set()).add(channel)

    def _leave(self, channel: str) -> None:
        bridge = self._where.pop(channel, None)
        if bridge is not None:
            inside = self._inside[bridge]
            inside.discard(channel)
            if not inside:
                del self._inside[bridge]
